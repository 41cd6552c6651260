"""What was built or emitted, by whomever, as it is read: safe paths, descriptors, the Parquet files of each table.

Nothing here judges; `check`, `diff`, `publish` and `open` do, and all of them read through this folder.
"""
