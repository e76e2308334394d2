"""What a study is to do: its components, configuration and runs. No torch here."""
