"""Publishing to the Hugging Face Hub: one commit per run, so that readers see the old dataset or the new one.

Large files are sent ahead and stored under their hash; a run that was killed finds them there. The commit names the
commit it was planned from, and the Hub refuses it if another came between. The token is found by `huggingface_hub`
(`HF_TOKEN`, or what `hf auth login` keeps) and never handled here. `HF_ENDPOINT` names a Hub of your own.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from broadsheet.findings import BroadsheetError, Finding, error
from broadsheet.release.targets.model import Advance, Plan, Stored, Wanted, changed
from broadsheet.release.targets.secrets import cleared

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete

MAIN: Final = "main"
DATASET: Final = "dataset"
DATA: Final = "data/"
"""Folder of the repository that is ours: what is no part of the dataset any more is removed there, nowhere else."""
SECONDS: Final = 120.0
"""Without an answer, before a request is given up."""
LOGIN: Final = "Run `hf auth login`, or set HF_TOKEN; the token must be allowed to write to this repository."


class Hub:
    """A dataset repository as a target.

    Args:
        name: `owner/name`.
        revision: Branch; `main` if None.
        private: The repository must be private; it is made so if it is missing.
        tag: To be put on the commit.

    Raises:
        BroadsheetError: `target-invalid`.
    """

    def __init__(self, name: str, *, revision: str | None, private: bool, tag: str | None) -> None:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HFValidationError
        from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

        try:
            validate_repo_id(name)
        except HFValidationError:
            name = ""
        if name.count("/") != 1:
            raise error("target-invalid", "a dataset of the Hub is named hf:OWNER/NAME")
        self.api = HfApi(token=True, library_name="broadsheet")  # True: a stored token is required
        self.repository: dict[str, Any] = {"repo_id": name, "repo_type": DATASET}
        self.branch, self.private, self.tag = revision or MAIN, private, tag
        self.exists = False
        self.base: str | None = None
        """Commit the plan is made from, and the one that was published once it is."""
        self.branches: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.operations: list[CommitOperationAdd | CommitOperationDelete] = []

    def stored(self, paths: Collection[str]) -> dict[str, Stored]:
        """Files at the head of the branch; of `main` where there is no such branch yet."""
        with self._told("the repository"):
            self.api.whoami()
            self._look()
            tree = self._tree() if self.base else {}
        return {path: there for path, there in tree.items() if path in paths or path.startswith(DATA)}

    def refuse(self, plan: Plan) -> None:
        """Refuse a tag that names something else."""
        taken = self.tags.get(self.tag or "")
        if taken and not (plan.idle and taken == self.base):
            message = f"tag {self.tag} is there already, on commit {taken[:8]}"
            raise error("target-invalid", message, path=self.address, remedy="Raise `version`, or leave out --tag.")

    def prepare(self) -> None:
        """Repository and branch are there afterwards."""
        with self._told("the repository"):
            if not self.exists:
                self.api.create_repo(**self.repository, private=self.private or None, exist_ok=True)
                self._look()
            if self.base and self.branch not in self.branches:
                self.api.create_branch(**self.repository, branch=self.branch, revision=self.base, exist_ok=True)

    def put(self, file: Wanted, advance: Advance) -> None:
        """Send a large file ahead; a small one goes into the commit."""
        from huggingface_hub import CommitOperationAdd

        with self._told(file.path):
            operation = CommitOperationAdd(path_in_repo=file.path, path_or_fileobj=str(file.source))
        if operation.upload_info.sha256.hex() != file.sha256:
            raise changed(file)
        with self._told(file.path):
            self.api.preupload_lfs_files(
                **self.repository, additions=[operation], revision=self.branch, free_memory=False
            )
        self.operations.append(operation)
        advance(file.bytes)

    def remove(self, path: str) -> None:
        """Leave a file out of the commit."""
        from huggingface_hub import CommitOperationDelete

        self.operations.append(CommitOperationDelete(path_in_repo=path, is_folder=False))

    def finish(self) -> None:
        """Commit all of it at once."""
        with self._told("the commit"):
            made = self.api.create_commit(
                **self.repository,
                operations=self.operations,
                commit_message="Publish the dataset" + (f", {self.tag}" if self.tag else ""),
                revision=self.branch,
                parent_commit=self.base,
            )
        self.base = made.oid
        self.operations = []

    def arrived(self, files: Sequence[Wanted], advance: Advance) -> dict[str, Stored]:
        """Hashes of that commit, as the Hub tells them."""
        with self._told("the commit"):
            found = self._tree()
        advance(sum(file.bytes for file in files))
        return found

    def load(self, files: Sequence[Wanted]) -> Iterator[Finding]:
        """Load the first row of each configuration from that commit."""
        from broadsheet.release.targets.loading import loaded

        return loaded(self.repository["repo_id"], str(self.base), files, self._clear)

    def seal(self) -> tuple[str | None, str | None]:
        """Tag what was verified."""
        if self.tag and self.tags.get(self.tag) != self.base:
            with self._told(f"tag {self.tag}"):
                self.api.create_tag(**self.repository, tag=self.tag, revision=self.base)
        return self.base, self.tag

    @property
    def address(self) -> str:
        """For people."""
        return f"hf:{self.repository['repo_id']}"

    def _look(self) -> None:
        """What repository, branches and tags there are."""
        from huggingface_hub.errors import RepositoryNotFoundError

        try:
            info = self.api.repo_info(**self.repository, timeout=SECONDS)
        except RepositoryNotFoundError as reason:
            if reason.response.status_code != 404:
                raise
            return
        if self.private and not info.private:
            message = f"{self.address} is public, and --private was given"
            raise error("target-invalid", message, path=self.address, remedy="Make it private on the Hub first.")
        refs = self.api.list_repo_refs(**self.repository)
        self.exists = True
        self.branches = {ref.name: ref.target_commit for ref in refs.branches}
        self.tags = {ref.name: ref.target_commit for ref in refs.tags}
        self.base = self.branches.get(self.branch) or self.branches.get(MAIN)

    def _tree(self) -> dict[str, Stored]:
        from huggingface_hub import RepoFile

        found = {}
        for entry in self.api.list_repo_tree(**self.repository, revision=self.base, recursive=True):
            if isinstance(entry, RepoFile):
                large = entry.lfs
                found[entry.path] = (
                    Stored(large.size, large.sha256) if large else Stored(entry.size, entry.blob_id, "git")
                )
        return found

    def _clear(self, text: str) -> str:
        from huggingface_hub import get_token

        return cleared(text, (get_token(),))

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Failures of the client become findings, with what the Hub says and without the request."""
        from huggingface_hub import get_session
        from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError, OfflineModeIsEnabled

        client_errors: Any = HfHubHTTPError.__bases__  # of httpx or requests, and OSError
        get_session().timeout = SECONDS  # it waits for ever else
        try:
            with without_bars():
                yield
        except LocalTokenNotFoundError:
            raise error("target-refused", "no token for the Hub was found", path=self.address, remedy=LOGIN) from None
        except OfflineModeIsEnabled:
            message = "the Hub cannot be reached in offline mode"
            raise error("target-invalid", message, path=self.address, remedy="Unset HF_HUB_OFFLINE.") from None
        except HfHubHTTPError as reason:
            raise self._finding(what, reason.response.status_code, reason) from None
        except (*client_errors, ValueError, RuntimeError) as reason:
            inner = reason.__cause__ if isinstance(reason.__cause__, HfHubHTTPError) else None
            raise self._finding(what, inner.response.status_code if inner else 0, inner or reason) from None

    def _finding(self, what: str, status: int, reason: BaseException) -> BroadsheetError:
        said = getattr(reason, "server_message", None) or str(reason).strip().partition("\n")[0]
        told = f"{status or ''} {said or type(reason).__name__}".strip()
        message = f"{what}: {self._clear(told)}"
        if status in {401, 403} or isinstance(reason, PermissionError):
            return error("target-refused", message, path=self.address, remedy=LOGIN)
        if status in {409, 412}:
            return error("target-changed", message, path=self.address)
        if status == 404:
            return error("target-invalid", message, path=self.address)
        return error("upload-failed", message, path=self.address)


@contextmanager
def without_bars() -> Iterator[None]:
    """No bars but ours."""
    from huggingface_hub.utils import (  # type: ignore[attr-defined]
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    before = are_progress_bars_disabled()
    disable_progress_bars()
    try:
        yield
    finally:
        if not before:
            enable_progress_bars()
