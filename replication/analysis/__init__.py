"""From the files of the runs to tables: tracking, and means with intervals over seeds."""
