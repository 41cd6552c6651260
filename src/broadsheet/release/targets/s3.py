"""Publishing to S3-compatible storage, through fsspec and s3fs.

Credentials come from where every client of AWS takes them: environment, profile, configuration, role.
`AWS_ENDPOINT_URL` names a server other than Amazon's. Each object carries its sha256 as metadata; an object without it
is read and hashed. The ETag is not used: of an upload in parts it is no hash of the
bytes.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any, Final

from broadsheet.check.files import CHUNK
from broadsheet.findings import BroadsheetError, Finding, error
from broadsheet.release.targets.model import Advance, Plan, Stored, Wanted
from broadsheet.release.targets.opening import opened
from broadsheet.release.targets.secrets import cleared
from broadsheet.release.targets.wanted import ARCHIVE, PACKAGES

SCHEME: Final = "s3://"
HASH: Final = "sha256"
"""Name of the metadata."""
PART: Final = 16 * 1024 * 1024
CONCURRENT: Final = 4
"""Parts in memory at once."""
SECONDS: Final = 60
"""Without an answer, before a request is given up."""
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
REFUSED: Final = (
    "AccessDenied", "AllAccessDisabled", "ExpiredToken", "InvalidAccessKeyId", "InvalidSecurity", "InvalidToken",
    "RequestTimeTooSkewed", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed", "401", "403",
)  # fmt: skip
MISSING: Final = ("NoSuchBucket", "InvalidBucketName", "PermanentRedirect", "301")
CREDENTIALS: Final = (
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; the key must be allowed to write."
)


class Bucket:
    """A prefix of a bucket as a target. Other objects stay.

    Args:
        address: `s3://bucket` or `s3://bucket/prefix`.

    Raises:
        BroadsheetError: `target-invalid`, also where s3fs is not installed.
    """

    def __init__(self, address: str) -> None:
        bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        self.root = f"{bucket}/{prefix}".strip("/")
        unclear = "?" in prefix or any(part in {"", ".", ".."} for part in self.root.split("/"))
        if not NAME.fullmatch(bucket) or unclear or not prefix.isprintable():
            raise error("target-invalid", f"{address!r} is not s3://BUCKET or s3://BUCKET/PREFIX")
        try:
            from s3fs import S3FileSystem
        except ImportError as reason:
            remedy = "pip install 'broadsheet[s3]'"
            raise error("target-invalid", "s3fs is not installed", remedy=remedy) from reason
        self.files: Any = S3FileSystem(
            anon=False,
            use_listings_cache=False,
            skip_instance_cache=True,
            config_kwargs={"connect_timeout": SECONDS, "read_timeout": SECONDS},
        )
        self.files.retries = 2  # botocore retries below; together they would try for minutes

    def stored(self, paths: Collection[str]) -> dict[str, Stored]:
        """Objects of the packages with the hash they carry, or that of their bytes."""
        found = {}
        with self._told("list"):
            for path in self._paths(paths):
                head = self.files.call_s3("head_object", **self._object(path))
                known = head.get("Metadata", {}).get(HASH)
                found[path] = Stored(head["ContentLength"], known) if known else self._hashed(path)
        return found

    def refuse(self, plan: Plan) -> None:
        """Nothing can be told before it is tried."""

    def prepare(self) -> None:
        """Buckets are made by their owners."""

    def put(self, file: Wanted, advance: Advance) -> None:
        """Upload a file; an object is either old or new, never half."""
        from fsspec.callbacks import Callback

        class Told(Callback):  # type: ignore[misc]
            def relative_update(self, inc: int = 1) -> None:
                advance(inc)

        with self._told(file.path):
            self.files.put_file(
                str(file.source),
                self._at(file.path),
                callback=Told(),
                chunksize=PART,
                max_concurrency=CONCURRENT,
                Metadata={HASH: file.sha256},
            )

    def remove(self, path: str) -> None:
        """Remove an object; there is no error if it is gone."""
        with self._told(path):
            self.files.call_s3("delete_object", **self._object(path))

    def finish(self) -> None:
        """Every object was shown when it came."""

    def arrived(self, files: Sequence[Wanted], advance: Advance) -> dict[str, Stored]:
        """Every object, downloaded and hashed."""
        found = {}
        for file in files:
            with self._told(file.path):
                try:
                    found[file.path] = self._hashed(file.path, advance)
                except FileNotFoundError:
                    continue
        return found

    def load(self, files: Sequence[Wanted]) -> Iterator[Finding]:
        """Open descriptor and tables in the bucket."""
        with self._told("load"):
            yield from opened(files, self._opened)

    def seal(self) -> tuple[None, None]:
        """A bucket has no revisions that belong together."""
        return None, None

    def _at(self, path: str) -> str:
        return f"{self.root}/{path}"

    def _object(self, path: str) -> dict[str, str]:
        bucket, _, key = self._at(path).partition("/")
        return {"Bucket": bucket, "Key": key}

    def _paths(self, paths: Collection[str]) -> Iterator[str]:
        """All below the packages, and of what lies beside them the archive and what is asked for."""
        bucket, _, prefix = self.root.partition("/")
        start = f"{prefix}/" if prefix else ""
        beside = {path for path in paths if "/" not in path} | {ARCHIVE}
        for below in (*(f"{name}/" for name in PACKAGES), *sorted(beside)):
            more: dict[str, str] = {}
            while True:
                page = self.files.call_s3("list_objects_v2", Bucket=bucket, Prefix=start + below, **more)
                for entry in page.get("Contents", ()):
                    path = entry["Key"].removeprefix(start)
                    if path == below or (below.endswith("/") and not path.endswith("/")):
                        yield path
                if not page.get("IsTruncated"):
                    break
                more = {"ContinuationToken": page["NextContinuationToken"]}

    def _opened(self, path: str) -> IO[bytes]:
        stream: IO[bytes] = self.files.open(self._at(path), "rb")
        return stream

    def _hashed(self, path: str, advance: Advance | None = None) -> Stored:
        hashed, size = hashlib.sha256(), 0
        with self.files.open(self._at(path), "rb", block_size=CHUNK * 8, cache_type="readahead") as stream:
            while piece := stream.read(CHUNK):
                hashed.update(piece)
                size += len(piece)
                if advance is not None:
                    advance(len(piece))
        return Stored(size, hashed.hexdigest())

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Failures of the client become findings; nothing of a request is repeated in them."""
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

        try:
            yield
        except (NoCredentialsError, PartialCredentialsError):
            raise error("target-refused", "no credentials for S3 were found", remedy=CREDENTIALS) from None
        except (BotoCoreError, ClientError, OSError) as reason:
            raise self._finding(what, reason) from None

    def _finding(self, what: str, reason: Exception) -> BroadsheetError:
        code, text = _said(reason)
        message = f"{what}: {cleared(f'{code} {text}'.strip(), self._secrets())}"
        if code in REFUSED or isinstance(reason, PermissionError):
            return error("target-refused", message, path=SCHEME + self.root, remedy=CREDENTIALS)
        if code in MISSING:
            remedy = "Make the bucket first, or mend its name or AWS_REGION."
            return error("target-invalid", message, path=SCHEME + self.root, remedy=remedy)
        return error("upload-failed", message, path=SCHEME + self.root)

    def _secrets(self) -> tuple[str | None, ...]:
        """Those the client uses, if it found any."""
        known = getattr(self.files.session, "_credentials", None)
        named = vars(known).items() if known else ()
        return tuple(value for name, value in named if name.lstrip("_") in {"access_key", "secret_key", "token"})


def _said(reason: BaseException) -> tuple[str, str]:
    """The server's code and message, which s3fs keeps in the cause of its own error."""
    seen: BaseException | None = reason
    while seen is not None:
        response = getattr(seen, "response", None)
        if isinstance(response, dict):
            told = response.get("Error", {})
            return str(told.get("Code", "")), str(told.get("Message", ""))
        seen = seen.__cause__
    return "", str(reason) or type(reason).__name__
