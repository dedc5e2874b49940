"""The Table API as `PySNC` sees it, over TLS, since it takes nothing else. `run` starts the server."""

import os
from importlib.metadata import version

from pysnc import ServiceNowClient, exceptions
from pysnc.auth import ServiceNowClientCredentialsFlow, ServiceNowPasswordGrantFlow

URL = os.environ["ENCQ_TLS_URL"]
CERTIFICATE = os.environ["ENCQ_CERTIFICATE"]
GEORGE = "ddce70866f9331003b3c498f5d3ee417"
# What requests takes from the environment wins over what the client is told.
os.environ["REQUESTS_CA_BUNDLE"] = CERTIFICATE


def asked(client, *conditions, **settings):
    record = client.GlideRecord("customer_contact", **settings)
    for condition in conditions:
        record.add_query(*condition)
    return record


def lists(client):
    record = asked(client, ("active", "true"), ("name", "CONTAINS", "ge"))
    record.order_by_desc("name")
    record.query()
    found = [(row.get_value("name"), row.get_value("active")) for row in record]
    assert 0 < len(found) == len(record) < 200, found
    assert all("ge" in name.lower() and active == "true" for name, active in found), found
    names = [name.lower() for name, _ in found]
    assert names == sorted(names, reverse=True), names

    def values(field, *rest):
        record = asked(client, (field, *rest))
        record.query()
        return [row.get_value(field) for row in record]

    assert set(values("country", "IN", "USA,DEU")) == {"USA", "DEU"}
    assert not set(values("country", "NOT IN", "USA,DEU")) & {"USA", "DEU"}
    assert all(name.startswith("G") for name in values("name", "STARTSWITH", "G")) and values("name", "G") == []
    assert all(name.endswith("n") for name in values("name", "ENDSWITH", "n"))
    assert values("name", "=", "George Warren") == ["George Warren"]
    assert "George Warren" not in values("name", "!=", "George Warren")
    with_o, without = values("city", "CONTAINS", "o"), values("city", "DOES NOT CONTAIN", "o")
    assert with_o and without and not [city for city in without if "o" in city.lower()]
    assert all(int(count) > 2 for count in values("sys_mod_count", ">", "2"))
    assert values("sys_class_name", "INSTANCEOF", "customer_contact") == ["customer_contact"] * 200
    empty, filled = asked(client), asked(client)
    empty.add_null_query("city")
    filled.add_not_null_query("city")
    empty.query()
    filled.query()
    assert len(empty) + len(filled) == 200 and all(not row.city.get_value() for row in empty)
    either = asked(client)
    either.add_query("country", "USA").add_or_condition("country", "DEU")
    either.query()
    assert len(either) == 11, either.get_encoded_query()


def pages(client):
    record = asked(client, batch_size=30)
    record.query()
    assert len(record) == 200
    ids = [row.get_value("sys_id") for row in record]
    assert len(ids) == 200 and ids == sorted(set(ids)), ids
    for limit in (5, 70):
        record = asked(client, batch_size=30)
        record.limit = limit
        record.query()
        assert [row.get_value("sys_id") for row in record] == ids[:limit], limit


def one(client):
    record = asked(client)
    record.fields = ["name", "account", "sys_created_on"]
    assert record.get(GEORGE) is True
    assert record.get_value("name") == "George Warren" and record.sys_id == GEORGE
    assert sorted(record.fields) == ["account", "name", "sys_created_on", "sys_id"], record.fields
    account = "86837a386f0331003b3c498f5d3ee4ca"
    assert (record.get_value("account"), record.get_display_value("account")) == (account, "Boxeo")
    assert record.sys_created_on.date_value().isoformat() == "2018-03-04T20:26:32+00:00"
    assert record.get_display_value("sys_created_on") == "2018-03-04 21:26:32"
    assert asked(client).get("0" * 32) is False
    by_name = asked(client)
    assert by_name.get("name", "George Warren") is True and by_name.sys_id == GEORGE
    walked = asked(client, ("account.name", "Boxeo"), ("name", "STARTSWITH", "George W"))
    walked.fields = "name,account.name"
    walked.query()
    assert walked.next() and walked.get_value("account.name") == "Boxeo", walked.get_encoded_query()
    assert not walked.next()


def creates_updates_deletes(client):
    record = asked(client)
    record.initialize()
    record.name = "Žofie Nováková"
    record.city = "Brno"
    sys_id = record.insert().get_value()
    assert len(sys_id) == 32 and record.sys_created_by == "admin" and record.get_value("vip") == "false"
    record.city = "Plzeň"
    assert record.update().get_value() == sys_id
    assert (record.get_value("city"), record.get_value("sys_mod_count")) == ("Plzeň", "1")
    again = asked(client)
    assert again.get(sys_id) and again.serialize() == record.serialize()
    assert again.delete() is True
    assert asked(client).get(sys_id) is False


def failures(client):
    strange = ServiceNowClient(URL, ("admin", "wrong"), verify=CERTIFICATE)
    for failing, table, error in (
        (client, "no_such_table", exceptions.RequestException),
        (strange, "customer_contact", exceptions.AuthenticationException),
    ):
        try:
            failing.GlideRecord(table).query()
        except error as raised:
            assert raised.args[0]["error"]["message"], raised
            continue
        raise AssertionError(f"no {error.__name__} for {table}")


def tokens():
    by_password = ServiceNowPasswordGrantFlow("admin", "admin", "app", "secret")
    by_client = ServiceNowClientCredentialsFlow("app", "secret")
    for flow in (by_password, by_client):
        record = ServiceNowClient(URL, flow, verify=CERTIFICATE).GlideRecord("customer_contact")
        assert record.get(GEORGE) and record.name == "George Warren"


def main():
    print("PySNC", version("pysnc"))
    client = ServiceNowClient(URL, ("admin", "admin"), verify=CERTIFICATE)
    lists(client)
    pages(client)
    one(client)
    creates_updates_deletes(client)
    failures(client)
    tokens()


main()
