"""The Table API as `pysnow` sees it. `run` starts the server."""

import os
import warnings
from datetime import datetime, timezone
from importlib.metadata import version

import pysnow
from requests.exceptions import HTTPError

HOST = os.environ["ENCQ_URL"].removeprefix("http://")
GEORGE = "ddce70866f9331003b3c498f5d3ee417"


def lists(contacts):
    query = (
        pysnow.QueryBuilder()
        .field("active").equals("true")
        .AND().field("name").contains("war")
        .OR().field("city").contains("war")
        .AND().field("name").order_ascending()
    )
    answer = contacts.get(query=query, fields=["name", "city"])
    found = answer.all()
    assert 0 < len(found) < 200 and answer.headers["X-Total-Count"] == str(len(found)), found
    assert all(list(record) == ["name", "city"] for record in found), found
    assert all("war" in (record["name"] + record["city"]).lower() for record in found), found
    names = [record["name"].lower() for record in found]
    assert names == sorted(names), names

    def count(query):
        return len(contacts.get(query=query).all())

    builder = pysnow.QueryBuilder
    before = builder().field("sys_created_on").less_than(datetime(2018, 3, 5, tzinfo=timezone.utc))
    after = builder().field("sys_created_on").greater_than_or_equal(datetime(2018, 3, 5))
    filled = builder().field("sys_created_on").is_not_empty()
    assert 0 < count(before) < 200 and count(before) + count(after) == count(filled)
    several = builder().field("country").equals(["USA", "DEU"])
    others = builder().field("country").not_equals(["USA", "DEU"])
    assert count(several) == 11 and count(several) + count(others) in range(11, 201)
    with_ge = builder().field("name").contains("ge")
    without = builder().field("name").not_contains("ge")
    assert count(with_ge) == 16 and count(without) == 184
    assert count({"country": "DEU", "active": "true"}) == count("active=true^country=DEU") > 0


def pages(contacts):
    ids = []
    for offset in range(0, 10_000, 60):
        page = contacts.get(query="ORDERBYsys_id", limit=60, offset=offset, fields=["sys_id"]).all()
        if not page:
            break
        ids += [record["sys_id"] for record in page]
    assert len(ids) == 200 and ids == sorted(set(ids)), ids
    streamed = contacts.get(query="ORDERBYsys_id", stream=True)
    assert [record["sys_id"] for record in streamed.all()] == ids
    assert contacts.get(query=f"sys_id={ids[7]}", stream=True).first()["sys_id"] == ids[7]


def pages_by_links():
    """The older interface follows the header Link, if pages have their size from a parameter of all requests."""
    warnings.simplefilter("ignore", DeprecationWarning)
    small = {"user": "admin", "password": "admin", "request_params": {"sysparm_limit": 50}}
    client = pysnow.Client(host=HOST, use_ssl=False, **small)
    asked = client.query(table="customer_contact", query="active=true")
    found = list(asked.get_multiple(fields=["sys_id", "name"], order_by=["-name"]))
    assert "prev" in asked.last_response.links, asked.last_response.headers
    assert len(found) == 175 == len({record["sys_id"] for record in found}), len(found)
    names = [record["name"].lower() for record in found]
    assert names == sorted(names, reverse=True), names
    asked = client.query(table="customer_contact", query={"sys_id": GEORGE})
    assert asked.get_one()["name"] == "George Warren"
    try:
        client.query(table="no_such_table", query={}).get_one()
        raise AssertionError("a table that there is not")
    except pysnow.legacy_exceptions.UnexpectedResponse as error:
        assert (error.status_code, error.error_summary) == (400, "Invalid table no_such_table"), error


def one(contacts):
    record = contacts.get(query={"sys_id": GEORGE}).one()
    assert (record["name"], record["first_name"], record["active"]) == ("George Warren", "George", "true")
    assert record["account"] == {
        "link": f"http://{HOST}/api/now/table/customer_account/86837a386f0331003b3c498f5d3ee4ca",
        "value": "86837a386f0331003b3c498f5d3ee4ca",
    }, record["account"]
    without_links = contacts.get(query={"sys_id": GEORGE}, exclude_reference_link=True).one()
    assert without_links["account"] == "86837a386f0331003b3c498f5d3ee4ca", without_links
    assert contacts.get(query="name=nobody").one_or_none() is None
    for query, error in (("name=nobody", pysnow.exceptions.NoResults), ("", pysnow.exceptions.MultipleResults)):
        try:
            contacts.get(query=query).one()
        except error:
            continue
        raise AssertionError(f"no {error.__name__} for `{query}`")


def creates_updates_deletes(contacts):
    created = contacts.create({"name": "Žofie Nováková", "city": "Brno"}).one()
    assert (created["name"], created["city"], created["sys_created_by"]) == ("Žofie Nováková", "Brno", "admin")
    query = {"sys_id": created["sys_id"]}
    updated = contacts.update(query=query, payload={"city": "Plzeň"}).one()
    assert (updated["city"], updated["name"], updated["sys_mod_count"]) == ("Plzeň", "Žofie Nováková", "1")
    assert contacts.get(query=query).one() == updated
    assert contacts.delete(query=query) == {"status": "record deleted"}
    assert contacts.get(query=query).one_or_none() is None


def failures(client, contacts):
    try:
        client.resource(api_path="/table/no_such_table").get().all()
        raise AssertionError("a table that there is not")
    except HTTPError as error:
        assert error.response.status_code == 400, error
        assert error.response.json()["error"]["message"] == "Invalid table no_such_table", error
    stranger = pysnow.Client(host=HOST, user="admin", password="wrong", use_ssl=False)
    try:
        stranger.resource(api_path="/table/customer_contact").get().all()
        raise AssertionError("a wrong password")
    except HTTPError as error:
        assert error.response.status_code == 401, error
    answer = contacts.get(query="fist_name=George", limit=1)
    assert answer.headers["X-Query-Diagnostics"].startswith("2; unknown-field"), answer.headers


def tokens():
    # oauthlib wants TLS otherwise.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

    def client(secret):
        return pysnow.OAuthClient(client_id="app", client_secret=secret, host=HOST, use_ssl=False)

    try:
        client("wrong").generate_token("admin", "admin")
        raise AssertionError("a wrong secret")
    except pysnow.exceptions.TokenCreateError as error:
        assert error.error == "Error creating user token", error
    known = client("secret")
    token = known.generate_token("admin", "admin")
    refreshed = []
    known.token_updater = refreshed.append
    # As if its time were over: the client fetches another by the refresh token.
    known.set_token({**token, "expires_at": 1, "expires_in": -1})
    record = known.resource(api_path="/table/customer_contact").get(query={"sys_id": GEORGE}).one()
    assert record["name"] == "George Warren" and len(refreshed) == 1, refreshed
    assert refreshed[0]["access_token"] != token["access_token"], refreshed


def main():
    print("pysnow", version("pysnow"))
    client = pysnow.Client(host=HOST, user="admin", password="admin", use_ssl=False)
    contacts = client.resource(api_path="/table/customer_contact")
    lists(contacts)
    pages(contacts)
    pages_by_links()
    one(contacts)
    creates_updates_deletes(contacts)
    failures(client, contacts)
    tokens()


main()
