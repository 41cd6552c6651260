"""Three places to publish to: a folder, a bucket of moto on loopback, and the Hub of `mock_hub` on loopback."""

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from mock_hub import MockHub, serve
from places import BUCKET, KEY, SECRET, SESSION, TOKEN, InBucket, InFolder, OnHub, Place, write_dist


@pytest.fixture(scope="session")
def hub_server() -> Iterator[tuple[MockHub, str]]:
    with serve(TOKEN) as served:
        yield served


@pytest.fixture
def hub(
    hub_server: tuple[MockHub, str], monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MockHub]:
    """The mock Hub, empty; clients in this process talk to it and to nothing else."""
    import datasets.config
    import huggingface_hub
    import huggingface_hub.utils._http as http
    from huggingface_hub import constants

    served, address = hub_server
    served.reset()
    home = tmp_path_factory.mktemp("hf")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    for module, name, value in (
        (constants, "HF_HUB_OFFLINE", False),
        (constants, "HF_HUB_DISABLE_XET", True),
        (constants, "ENDPOINT", address),
        (constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"),
        (constants, "HF_HUB_CACHE", str(home / "hub")),
        (constants, "HF_TOKEN_PATH", str(home / "token")),
        (constants, "HF_STORED_TOKENS_PATH", str(home / "tokens")),
        (datasets.config, "HF_ENDPOINT", address),
        (datasets.config, "HUB_DATASETS_URL", address + "/datasets/{repo_id}/resolve/{revision}/{path}"),
        (datasets.config, "HF_HUB_OFFLINE", False),
        (datasets.config, "HF_UPDATE_DOWNLOAD_COUNTS", False),
        (datasets.config, "HF_DATASETS_CACHE", str(home / "datasets")),
        (datasets.config, "HF_MODULES_CACHE", str(home / "modules")),
        (datasets.config, "DOWNLOADED_DATASETS_PATH", str(home / "downloads")),
    ):
        assert hasattr(module, name), name
        monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(http, "time", SimpleNamespace(sleep=lambda seconds: None, time=time.time))
    huggingface_hub.HfFileSystem.clear_instance_cache()
    huggingface_hub.utils.close_session()
    yield served
    huggingface_hub.utils.close_session()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer
    from werkzeug.serving import WSGIRequestHandler

    WSGIRequestHandler.disable_nagle_algorithm = True  # small answers come at once
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator["object"]:
    """A client of moto; an empty bucket is there."""
    import boto3
    from moto.core import DEFAULT_ACCOUNT_ID
    from moto.s3.models import s3_backends

    for name, value in (
        ("AWS_ENDPOINT_URL", s3_server),
        ("AWS_ACCESS_KEY_ID", KEY),
        ("AWS_SECRET_ACCESS_KEY", SECRET),
        ("AWS_SESSION_TOKEN", SESSION),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_MAX_ATTEMPTS", "1"),
    ):
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].reset()


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """Small packages; tests may change them."""
    return write_dist(tmp_path / "dist")


@pytest.fixture
def in_folder(tmp_path: Path) -> Place:
    return InFolder(tmp_path / "deep" / "site")


@pytest.fixture
def in_bucket(s3: object) -> Place:
    return InBucket(s3, BUCKET)


@pytest.fixture
def on_hub(hub: MockHub) -> Place:
    return OnHub(hub)


@pytest.fixture(params=["in_folder", "in_bucket", "on_hub"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of the three places in turn."""
    found: Place = request.getfixturevalue(request.param)
    return found
