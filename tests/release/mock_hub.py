"""A Hub on loopback, for the calls that publishing makes. It proves our calls, not the Hub.

It speaks what `huggingface_hub` and `datasets` say when they create a repository, list it, send large files ahead,
commit, tag and stream: `whoami-v2`, `repos/create`, `validate-yaml`, repository and revision, `tree`, `paths-info`,
`refs`, `preupload`, the LFS batch with upload and verification, `commit`, `branch`, `tag`, and `resolve` with ranges.
Everything lies in memory. Parquet is stored as LFS, the rest as plain files, as the Hub's `.gitattributes` has it. Not
imitated: Xet, pull requests, redirects to a CDN, rate limits, gated repositories.

`fail` makes it misbehave; `requests` is what it was asked.
"""

import hashlib
import json
import re
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
DIE = "die"
"""Close the connection in the middle of the body, of the request or of the answer."""


@dataclass(frozen=True)
class Blob:
    data: bytes
    large: bool

    @property
    def git(self) -> str:
        data = b"version https://git-lfs.example/v1\n" + self.sha256.encode() if self.large else self.data
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Repository:
    private: bool
    commits: dict[str, dict[str, Blob]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, branch: str, files: dict[str, Blob]) -> str:
        told = json.dumps([branch, len(self.commits), sorted((path, blob.git) for path, blob in files.items())])
        oid = hashlib.sha1(told.encode()).hexdigest()
        self.commits[oid] = files
        self.branches[branch] = oid
        return oid

    def find(self, revision: str) -> str | None:
        oid = self.branches.get(revision) or self.tags.get(revision) or revision
        return oid if oid in self.commits else None


@dataclass
class Fault:
    pattern: str
    what: int | str
    skip: int
    times: int


class MockHub:
    """State of the Hub; the server hands every request to it."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.store: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.faults: list[Fault] = []
        self.spoil = ""
        """Part of the paths whose hash is told wrongly."""
        self.echo = False
        """Repeat the authorization in every error."""
        self.between: Callable[[], object] | None = None
        """Called once, before the next commit is looked at."""

    def fail(self, pattern: str, what: int | str, *, skip: int = 0, times: int = 1) -> None:
        """Answer requests whose `METHOD path` matches with a status, or die; after `skip` of them, `times` times."""
        self.faults.append(Fault(pattern, what, skip, times))

    def fault(self, line: str) -> int | str | None:
        with self.lock:
            for fault in self.faults:
                if re.search(fault.pattern, line):
                    if fault.skip:
                        fault.skip -= 1
                    elif fault.times:
                        fault.times -= 1
                        return fault.what
        return None

    def asked(self, pattern: str) -> int:
        return sum(bool(re.search(pattern, line)) for line in self.requests)

    def make(self, name: str, files: dict[str, bytes] | None = None, *, private: bool = False) -> Repository:
        """A repository as somebody else left it."""
        made = self.repositories[name] = Repository(private)
        first = {".gitattributes": Blob(ATTRIBUTES, False)}
        made.commit("main", first)
        if files:
            made.commit("main", first | {path: Blob(data, path.endswith(".parquet")) for path, data in files.items()})
        return made

    def change(self, name: str, path: str, data: bytes) -> None:
        """A commit of somebody else."""
        repository = self.repositories[name]
        files = repository.commits[repository.branches["main"]]
        repository.commit("main", files | {path: Blob(data, path.endswith(".parquet"))})

    def files(self, name: str, revision: str = "main") -> dict[str, bytes]:
        repository = self.repositories[name]
        oid = repository.find(revision)
        assert oid is not None
        return {path: blob.data for path, blob in repository.commits[oid].items()}


Answer = tuple[int, object, dict[str, str]]
REPO = r"/api/datasets/(?P<repo>[^/]+/[^/]+)"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True
    hub: MockHub

    def log_message(self, *args: object) -> None:
        """Not on stderr."""

    def handle_any(self) -> None:
        line = f"{self.command} {self.path}"
        with self.hub.lock:
            self.hub.requests.append(line)
        fault = self.hub.fault(line)
        size = int(self.headers.get("Content-Length") or 0)
        if fault == DIE and size:
            self.rfile.read(size // 2)
            self.close_connection = True
            return
        body = self.rfile.read(size)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self._chunks()
        with self.hub.lock:
            said = f"no {self.headers['Authorization'] if self.hub.echo else ''}"
            answer: Answer = (fault, {"error": said}, {}) if isinstance(fault, int) else self._answer(body)
        self._send(*answer, cut=fault == DIE)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, value: object, headers: dict[str, str], *, cut: bool = False) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in ({"Content-Type": "application/json", "Content-Length": str(len(data))} | headers).items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[: len(data) // 2] if cut else data)
        self.wfile.flush()
        self.close_connection = self.close_connection or cut

    def _answer(self, body: bytes) -> Answer:
        path = urlsplit(self.path).path
        if self.headers.get("Authorization") != f"Bearer {self.hub.token}" and not path.startswith("/lfs/"):
            return (
                401,
                {"error": "Invalid credentials in Authorization header"},
                {"X-Error-Message": "Invalid credentials in Authorization header"},
            )
        for method, pattern, name in ROUTES:
            if method == self.command and (match := re.fullmatch(pattern, path)):
                parts = {key: unquote(value) for key, value in match.groupdict("").items()}
                repository = self.hub.repositories.get(parts.get("repo", ""))
                if "repo" in parts and repository is None:
                    return 404, {"error": "Repository not found"}, {"X-Error-Code": "RepoNotFound"}
                answer: Answer = getattr(self, f"_{name}")(repository, parts, body)
                return answer
        return 404, {"error": f"no such address {path}"}, {}

    def _whoami(self, repository: None, parts: dict[str, str], body: bytes) -> Answer:
        return 200, {"type": "user", "name": "somebody", "orgs": []}, {}

    def _create(self, repository: None, parts: dict[str, str], body: bytes) -> Answer:
        asked = json.loads(body)
        name = f"{asked['organization']}/{asked['name']}"
        if name in self.hub.repositories:
            return 409, {"error": "You already created this dataset repo"}, {}
        self.hub.make(name, private=asked.get("visibility") == "private" or bool(asked.get("private")))
        return 200, {"url": f"http://{self.headers['Host']}/datasets/{name}", "name": name}, {}

    def _yaml(self, repository: None, parts: dict[str, str], body: bytes) -> Answer:
        return 200, {"errors": [], "warnings": []}, {}

    def _info(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        oid = repository.find(parts.get("rev") or "main")
        if oid is None:
            return 404, {"error": "Invalid rev id"}, {"X-Error-Code": "RevisionNotFound"}
        siblings = [{"rfilename": path} for path in sorted(repository.commits[oid])]
        told = {"id": parts["repo"], "sha": oid, "private": repository.private, "tags": [], "siblings": siblings}
        return 200, told | {"downloads": 0, "likes": 0, "disabled": False, "gated": False}, {}

    def _tree(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        oid = repository.find(parts["rev"])
        if oid is None:
            return 404, {"error": "Invalid rev id"}, {"X-Error-Code": "RevisionNotFound"}
        below = f"{parts['path']}/" if parts["path"] else ""
        deep = parse_qs(urlsplit(self.path).query).get("recursive") in (["true"], ["True"])
        entries = {}
        for path, blob in sorted(repository.commits[oid].items()):
            if path.startswith(below):
                inner = path[len(below) :].split("/")
                for depth in range(1, len(inner) if deep else min(len(inner), 2)):
                    folder = below + "/".join(inner[:depth])
                    entries[folder] = {"type": "directory", "path": folder, "oid": "0" * 40, "size": 0}
                if deep or len(inner) == 1:
                    entries[path] = self._entry(path, blob)
        if below and not entries:
            return 404, {"error": "no such folder"}, {"X-Error-Code": "EntryNotFound"}
        return 200, list(entries.values()), {}

    def _entry(self, path: str, blob: Blob) -> dict[str, object]:
        entry: dict[str, object] = {"type": "file", "path": path, "oid": blob.git, "size": len(blob.data)}
        if blob.large:
            sha256 = "f" * 64 if self.hub.spoil and self.hub.spoil in path else blob.sha256
            entry["lfs"] = {"oid": sha256, "size": len(blob.data), "pointerSize": 100}
        return entry

    def _paths(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        files = repository.commits.get(repository.find(parts["rev"]) or "", {})
        asked = parse_qs(body.decode()).get("paths", [])
        found = [self._entry(path, files[path]) for path in asked if path in files]
        folders = [path for path in asked if any(name.startswith(f"{path}/") for name in files)]
        return 200, found + [{"type": "directory", "path": p, "oid": "0" * 40, "size": 0} for p in folders], {}

    def _refs(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        told = {
            kind: [{"name": n, "ref": f"refs/{ref}/{n}", "targetCommit": oid} for n, oid in sorted(known.items())]
            for kind, ref, known in (("branches", "heads", repository.branches), ("tags", "tags", repository.tags))
        }
        return 200, told | {"converts": []}, {}

    def _preupload(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        files = repository.commits[repository.branches[parts["rev"]]]
        told = []
        for asked in json.loads(body)["files"]:
            large = asked["path"].endswith(".parquet")
            there = files.get(asked["path"])
            oid = None if there is None else there.sha256 if there.large else there.git
            told.append(
                {"path": asked["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, "oid": oid}
            )
        return 200, {"files": told}, {}

    def _batch(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        told = []
        for asked in json.loads(body)["objects"]:
            one = {"oid": asked["oid"], "size": asked["size"]}
            if asked["oid"] not in self.hub.store:
                place = f"http://{self.headers['Host']}/lfs/{asked['oid']}"
                one["actions"] = {"upload": {"href": place}, "verify": {"href": f"{place}/verify"}}
            told.append(one)
        return 200, {"transfer": "basic", "objects": told}, {}

    def _put(self, repository: None, parts: dict[str, str], body: bytes) -> Answer:
        if hashlib.sha256(body).hexdigest() != parts["oid"]:
            return 400, {"error": "the bytes are not those announced"}, {}
        self.hub.store[parts["oid"]] = body
        return 200, {}, {}

    def _verify(self, repository: None, parts: dict[str, str], body: bytes) -> Answer:
        asked = json.loads(body)
        there = self.hub.store.get(asked["oid"])
        return (200, {}, {}) if there is not None and len(there) == asked["size"] else (404, {"error": "missing"}, {})

    def _commit(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        if self.hub.between:
            self.hub.between()
            self.hub.between = None
        head = repository.branches[parts["rev"]]
        files = dict(repository.commits[head])
        for line in body.splitlines():
            said = json.loads(line)
            key, value = said["key"], said["value"]
            if key == "header":
                if value.get("parentCommit", head) != head:
                    return 412, {"error": "A commit has happened since. Please refresh and try again."}, {}
            elif key == "file":
                files[value["path"]] = Blob(b64decode(value["content"]), False)
            elif key == "lfsFile":
                if value["oid"] not in self.hub.store:
                    return 400, {"error": "the LFS object does not exist"}, {}
                files[value["path"]] = Blob(self.hub.store[value["oid"]], True)
            elif key == "deletedFile" and files.pop(value["path"], None) is None:
                return 400, {"error": "A file with this name doesn't exist"}, {"X-Error-Code": "EntryNotFound"}
        oid = repository.commit(parts["rev"], files)
        return 200, {"commitUrl": f"http://{self.headers['Host']}/c/{oid}", "commitOid": oid, "success": True}, {}

    def _branch(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        if parts["rev"] in repository.branches:
            return 409, {"error": "Reference already exists"}, {}
        repository.branches[parts["rev"]] = (
            json.loads(body or b"{}").get("startingPoint") or repository.branches["main"]
        )
        return 200, {}, {}

    def _tag(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        tag, oid = json.loads(body)["tag"], repository.find(parts["rev"])
        if tag in repository.tags or oid is None:
            return 409, {"error": "Tag reference exists already"}, {}
        repository.tags[tag] = oid
        return 200, {}, {}

    def _resolve(self, repository: Repository, parts: dict[str, str], body: bytes) -> Answer:
        oid = repository.find(parts["rev"])
        blob = repository.commits[oid].get(parts["path"]) if oid else None
        if oid is None or blob is None:
            return 404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": oid or ""}
        etag = f'"{blob.sha256 if blob.large else blob.git}"'
        headers = {"ETag": etag, "X-Repo-Commit": oid, "Accept-Ranges": "bytes"}
        headers["Content-Type"] = "application/octet-stream"
        if blob.large:
            headers |= {"X-Linked-Etag": etag, "X-Linked-Size": str(len(blob.data))}
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if not asked:
            return 200, blob.data, headers
        first, last = int(asked[1]), min(int(asked[2] or len(blob.data) - 1), len(blob.data) - 1)
        headers["Content-Range"] = f"bytes {first}-{last}/{len(blob.data)}"
        return 206, blob.data[first : last + 1], headers


ROUTES = (
    ("GET", "/api/whoami-v2", "whoami"),
    ("POST", "/api/repos/create", "create"),
    ("POST", "/api/validate-yaml", "yaml"),
    ("GET", f"{REPO}/refs", "refs"),
    ("GET", f"{REPO}(/revision/(?P<rev>[^/]+))?", "info"),
    ("GET", f"{REPO}/tree/(?P<rev>[^/]+)(/(?P<path>.+))?", "tree"),
    ("POST", f"{REPO}/paths-info/(?P<rev>[^/]+)", "paths"),
    ("POST", f"{REPO}/preupload/(?P<rev>[^/]+)", "preupload"),
    ("POST", f"{REPO}/commit/(?P<rev>[^/]+)", "commit"),
    ("POST", f"{REPO}/branch/(?P<rev>[^/]+)", "branch"),
    ("POST", f"{REPO}/tag/(?P<rev>[^/]+)", "tag"),
    ("POST", r"/datasets/(?P<repo>[^/]+/[^/]+)\.git/info/lfs/objects/batch", "batch"),
    ("PUT", "/lfs/(?P<oid>[0-9a-f]{64})", "put"),
    ("POST", "/lfs/(?P<oid>[0-9a-f]{64})/verify", "verify"),
    ("GET", "/datasets/(?P<repo>[^/]+/[^/]+)/resolve/(?P<rev>[^/]+)/(?P<path>.+)", "resolve"),
    ("HEAD", "/datasets/(?P<repo>[^/]+/[^/]+)/resolve/(?P<rev>[^/]+)/(?P<path>.+)", "resolve"),
)


@contextmanager
def serve(token: str) -> Iterator[tuple[MockHub, str]]:
    """The Hub and its address while the block runs."""
    hub = MockHub(token)
    handler = type("Bound", (Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield hub, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
