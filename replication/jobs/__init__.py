"""What a job needs beside its task: whole files, locks, checksums, fingerprints, provenance. No torch here."""
