"""A client tested with pytest: `pip install pytest requests`, then `pytest docs/testing/test_contacts.py`."""

import subprocess

import pytest
import requests


@pytest.fixture(scope="session")
def server():
    command = ["encq", "serve", "--port", "0", "--user", "admin", "--password", "admin"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        yield running.stdout.readline().split()[1]
        running.terminate()


@pytest.fixture
def instance(server):
    """The instance with its records as at the start; fails a test that sent a query with a slip in it."""
    admin = requests.Session()
    admin.auth = ("admin", "admin")
    admin.post(server + "/__admin/reset")
    admin.delete(server + "/__admin/requests")
    yield server
    asked = admin.get(server + "/__admin/requests").json()["result"]
    assert [request for request in asked if request.get("diagnostics")] == []


class Contacts:
    """The client that is tested."""

    def __init__(self, instance):
        self.url = instance + "/api/now/contact"
        self.session = requests.Session()
        self.session.auth = ("admin", "admin")

    def named(self, text):
        query = {"sysparm_query": f"nameLIKE{text}^ORDERBYname"}
        answer = self.session.get(self.url, params=query)
        answer.raise_for_status()
        return [contact["name"] for contact in answer.json()["result"]]

    def add(self, **fields):
        answer = self.session.post(self.url, json=fields)
        answer.raise_for_status()
        return answer.json()["result"]


def test_finds_by_name(instance):
    assert Contacts(instance).named("warren") == ["George Warren"]


def test_adds(instance):
    contacts = Contacts(instance)
    contacts.add(name="Ann Warren", city="Oslo")
    assert contacts.named("warren") == ["Ann Warren", "George Warren"]


def test_fails_when_the_instance_does(instance):
    contacts = Contacts(instance)
    contacts.session.headers["X-Mock-Fault"] = "503"
    with pytest.raises(requests.HTTPError, match="503"):
        contacts.named("warren")
