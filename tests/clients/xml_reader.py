"""Odd characters, given as JSON, as a reader of XML that is not this project's sees them."""

import base64
import json
import os
import platform
import xml.etree.ElementTree as ET
from urllib.request import Request, urlopen

CONTACTS = os.environ["ENCQ_URL"] + "/api/now/contact"
RECORDS = os.environ["ENCQ_URL"] + "/api/now/table/customer_contact"
BASIC = "Basic " + base64.b64encode(b"admin:admin").decode()

# Each below U+0100, the borders of what XML 1.0 forbids and of UTF-8's lengths, and what means something in XML.
RANGES = {
    "first_name": "".join(map(chr, range(0x00, 0x20))),
    "last_name": "".join(map(chr, range(0x20, 0x80))),
    "street": "".join(map(chr, range(0x80, 0x100))),
    "city": "\u07ff\u0800\ud7ff\ue000\ufdd0\ufeff\ufffc\ufffd\ufffe\uffff\u2028\u2029\u202e",
    "state": "\U00010000\U0001f388\U0001fffe\U0001ffff\U0010fffd\U0010ffff e\u0301\u200d",
    "title": "]]> <![CDATA[x]]> <!-- --> <?xml?> &amp; &#9; &lt &x; 'a' \"b\" <result>",
    "introduction": " \t a\r\nb\rc\nd \t ",
    "zip": " ",
    "country": "\x00",
    "source": "",
}


def asked(url, accept, body=None):
    headers = {"Authorization": BASIC, "Accept": accept}
    if body is not None:
        headers["Content-Type"] = "application/json"
    with urlopen(Request(url, body, headers)) as answer:
        return answer.headers["Content-Type"], answer.read()


def allowed(c):
    """Char of XML 1.0, fifth edition, section 2.2."""
    return c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"


def readable(text):
    return "".join(c if allowed(c) else "\ufffd" for c in text)


def main():
    print("xml.etree of Python", platform.python_version())
    body = json.dumps(RANGES).encode()
    sys_id = json.loads(asked(CONTACTS, "application/json", body)[1])["result"]
    stored = json.loads(asked(f"{CONTACTS}/{sys_id}", "application/json")[1])["result"]
    for name, text in RANGES.items():
        assert stored[name] == text, (name, stored[name], text)
    assert any(not allowed(c) for text in stored.values() for c in text)

    query = f"sysparm_query=sys_id={sys_id}"
    for url in (f"{CONTACTS}/{sys_id}", f"{CONTACTS}?{query}", f"{RECORDS}/{sys_id}", f"{RECORDS}?{query}"):
        for accept in ("application/xml", "text/xml"):
            content_type, xml = asked(url, accept)
            assert content_type == f"{accept};charset=UTF-8", content_type
            response = ET.fromstring(xml)
            results = response.findall("result")
            assert response.tag == "response" and len(results) == 1, xml
            shown = {element.tag: element.text or "" for element in results[0]}
            assert shown.keys() == stored.keys(), shown.keys() ^ stored.keys()
            for name, text in stored.items():
                assert shown[name] == readable(text), (url, name, shown[name], text)

    _, xml = asked(f"{CONTACTS}?sysparm_limit=100", "application/xml")
    _, text = asked(f"{CONTACTS}?sysparm_limit=100", "application/json")
    response, listed = ET.fromstring(xml), json.loads(text)
    assert response.find("hasMore").text == "true" and listed["hasMore"] is True
    shown = [{element.tag: element.text or "" for element in result} for result in response.iter("result")]
    assert len(shown) == 100 and shown == listed["result"]


main()
