"""The Contact API and the Table API as `requests` sees them. `run` starts the server."""

import os

import requests

URL = os.environ["ENCQ_URL"]
CONTACTS = URL + "/api/now/contact"
RECORDS = URL + "/api/now/table/customer_contact"
GEORGE = "ddce70866f9331003b3c498f5d3ee417"


def lists(session):
    answer = session.get(CONTACTS, params={"sysparm_query": "nameLIKEwarren^active=true"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8", answer.headers
    assert answer.headers["X-Total-Count"] == "1" and "Link" not in answer.headers, answer.headers
    body = answer.json()
    assert list(body) == ["result", "hasMore"] and body["hasMore"] is False, body
    assert [contact["sys_id"] for contact in body["result"]] == [GEORGE], body
    assert body["result"][0]["phone"] == "+1 858 287 7834", body


def pages(session):
    for url, by_default in ((CONTACTS, 10), (RECORDS, 10_000)):
        assert len(session.get(url).json()["result"]) == min(by_default, 200), url
        wanted = {"sysparm_query": "active=true^ORDERBYDESCname^ORDERBYsys_id", "sysparm_limit": "40"}
        answer, names, sizes = session.get(url, params=wanted), [], []
        assert "prev" not in answer.links, answer.links
        while True:
            assert answer.headers["X-Total-Count"] == "175", answer.headers
            names += [contact["sys_id"] for contact in answer.json()["result"]]
            sizes.append(len(answer.json()["result"]))
            assert answer.json().get("hasMore", "next" in answer.links) == ("next" in answer.links)
            if "next" not in answer.links:
                break
            answer = session.get(answer.links["next"]["url"])
        assert sizes == [40, 40, 40, 40, 15], sizes
        at_once = session.get(url, params={**wanted, "sysparm_limit": "1000"}).json()["result"]
        assert names == [contact["sys_id"] for contact in at_once] and len(set(names)) == 175
        shown = [contact["name"].lower() for contact in at_once]
        assert shown == sorted(shown, reverse=True), shown
        first = session.get(answer.links["first"]["url"]).json()["result"]
        assert [contact["sys_id"] for contact in first] == names[:40]
        back = session.get(answer.links["prev"]["url"]).json()["result"]
        assert [contact["sys_id"] for contact in back] == names[120:160]


def one(session):
    contact = session.get(f"{CONTACTS}/{GEORGE}").json()["result"]
    assert (contact["name"], contact["email"]) == ("George Warren", "geo.warren@mailinator.com")
    wanted = {"sysparm_fields": "name,sys_created_on", "sysparm_display_value": "all"}
    record = session.get(f"{RECORDS}/{GEORGE}", params=wanted).json()["result"]
    assert record["name"] == {"display_value": "George Warren", "value": "George Warren"}, record
    missing = session.get(f"{CONTACTS}/{'0' * 32}")
    assert missing.status_code == 404 and missing.json() == {
        "error": {
            "message": "No Record found",
            "detail": "Record doesn't exist or ACL restricts the record retrieval",
        },
        "status": "failure",
    }, missing.text


def creates_updates_deletes(session):
    name = "Žofie & Sons + ^ 100% \U0001f388 \"'<>\\"
    sent = {"name": name, "city": "Oslo", "vip": True, "fist_name": "x"}
    answer = session.post(CONTACTS, json=sent)
    assert answer.status_code == 201 and answer.headers["X-Ignored-Fields"] == "fist_name", answer.headers
    sys_id = answer.json()["result"]
    assert len(sys_id) == 32 and answer.headers["Location"] == f"{CONTACTS}/{sys_id}", answer.headers
    contact = session.get(answer.headers["Location"]).json()["result"]
    assert (contact["name"], contact["city"], contact["vip"]) == (name, "Oslo", "true"), contact
    assert (contact["sys_created_by"], contact["sys_mod_count"]) == ("admin", "0"), contact
    query = "name=" + name.replace("^", "^^")
    found = session.get(CONTACTS, params={"sysparm_query": query}).json()["result"]
    assert [contact["sys_id"] for contact in found] == [sys_id], found

    for number, (method, city) in enumerate((("PATCH", "Bergen"), ("PUT", "Tromsø")), 1):
        changed = session.request(method, f"{RECORDS}/{sys_id}", json={"city": city})
        record = changed.json()["result"]
        assert changed.status_code == 200 and record["name"] == name, changed.text
        assert (record["city"], record["sys_mod_count"]) == (city, str(number)), record
    tunnelled = session.post(
        f"{RECORDS}/{sys_id}", json={"city": "Moss"}, headers={"X-HTTP-Method-Override": "PATCH"}
    )
    assert tunnelled.json()["result"]["city"] == "Moss", tunnelled.text

    gone = session.delete(f"{RECORDS}/{sys_id}")
    assert (gone.status_code, gone.content) == (204, b""), gone.text
    assert session.get(f"{CONTACTS}/{sys_id}").status_code == 404
    assert session.delete(f"{RECORDS}/{sys_id}").status_code == 404


def says_what_it_ignored(session):
    answer = session.get(CONTACTS, params={"sysparm_query": "fist_name=George", "sysparm_limit": "1"})
    assert answer.headers["X-Query-Diagnostics"].startswith("2; unknown-field, "), answer.headers
    assert answer.headers["X-Total-Count"] == "200", answer.headers
    last = session.get(URL + "/__admin/requests").json()["result"][-1]
    assert (last["query"], last["effective"]) == ("fist_name=George", ""), last
    assert last["transaction"] == answer.headers["X-Transaction-ID"], last


def formats(session):
    packed = session.get(RECORDS)
    assert packed.headers["Content-Encoding"] == "gzip", packed.headers
    plain = session.get(RECORDS, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and plain.content == packed.content
    head = session.head(CONTACTS, headers={"Accept-Encoding": "identity"})
    assert head.status_code == 200 and head.content == b"" and head.headers["X-Total-Count"] == "200"
    nothing = session.get(CONTACTS, headers={"Accept": "text/csv"})
    assert nothing.status_code == 406 and nothing.json()["error"]["message"] == "Not acceptable"
    for sent, status in (({"data": {"a": "b"}}, 415), ({"json": [1]}, 400), ({"data": b""}, 400)):
        headers = {"Content-Type": "application/json"} if sent.get("data") == b"" else None
        assert session.post(CONTACTS, headers=headers, **sent).status_code == status, sent


def who_may_ask(session):
    for auth in (None, ("admin", "wrong"), ("nobody", "admin")):
        refused = requests.get(CONTACTS, auth=auth)
        assert refused.status_code == 401, refused.text
        assert refused.headers["WWW-Authenticate"].startswith("Basic "), refused.headers
        assert refused.json()["error"]["message"] == "User Not Authenticated", refused.text
    form = {"grant_type": "password", "client_id": "app", "client_secret": "secret"}
    form |= {"username": "admin", "password": "admin"}
    tokens = requests.post(URL + "/oauth_token.do", data=form).json()
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "useraccount"), tokens
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert requests.get(f"{CONTACTS}/{GEORGE}", headers=bearer).json()["result"]["name"] == "George Warren"
    wrong = requests.post(URL + "/oauth_token.do", data={**form, "client_secret": "wrong"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client"), wrong.text


def over_tls(_):
    tls = os.environ["ENCQ_TLS_URL"]
    trusting = {"auth": ("admin", "admin"), "verify": os.environ["ENCQ_CERTIFICATE"]}
    answer = requests.get(tls + "/api/now/contact", params={"sysparm_limit": "1"}, **trusting)
    assert answer.links["next"]["url"].startswith(tls), answer.links
    following = requests.get(answer.links["next"]["url"], **trusting)
    assert following.json()["result"] != answer.json()["result"] and len(following.json()["result"]) == 1


def main():
    print("requests", requests.__version__)
    with requests.Session() as session:
        session.auth = ("admin", "admin")
        lists(session)
        pages(session)
        one(session)
        creates_updates_deletes(session)
        says_what_it_ignored(session)
        formats(session)
        who_may_ask(session)
        over_tls(session)


main()
