// The Contact API and the Table API as the fetch of Node sees them. `run` starts the server.
import assert from "node:assert/strict";

const url = process.env.ENCQ_URL;
const contacts = `${url}/api/now/contact`;
const records = `${url}/api/now/table/customer_contact`;
const GEORGE = "ddce70866f9331003b3c498f5d3ee417";
const authorization = `Basic ${Buffer.from("admin:admin").toString("base64")}`;

function ask(target, { method = "GET", body, headers = {} } = {}) {
  const sent = { authorization, ...headers };
  if (body !== undefined) sent["content-type"] = "application/json";
  return fetch(target, { method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body) });
}

const query = (parameters) => `?${new URLSearchParams(parameters)}`;

async function lists() {
  const answer = await ask(contacts + query({ sysparm_query: "nameLIKEwarren^active=true" }));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("x-total-count"), "1");
  const { result, hasMore } = await answer.json();
  assert.equal(hasMore, false);
  assert.deepEqual(result.map((contact) => [contact.sys_id, contact.name]), [[GEORGE, "George Warren"]]);
  const odd = await ask(contacts + query({ sysparm_query: "fist_name=George", sysparm_limit: 1 }));
  assert.match(odd.headers.get("x-query-diagnostics"), /^2; unknown-field/);
  assert.equal(odd.headers.get("x-total-count"), "200");
}

async function pages() {
  const ids = [];
  let next = contacts + query({ sysparm_query: "ORDERBYsys_id", sysparm_limit: 60 });
  while (next) {
    const answer = await ask(next);
    const { result, hasMore } = await answer.json();
    ids.push(...result.map((contact) => contact.sys_id));
    next = /<([^>]*)>;rel="next"/.exec(answer.headers.get("link"))?.[1];
    assert.equal(hasMore, next !== undefined);
  }
  assert.equal(new Set(ids).size, 200);
  assert.deepEqual(ids, [...ids].sort());
}

async function one() {
  const { result } = await (await ask(`${contacts}/${GEORGE}`)).json();
  assert.equal(result.email, "geo.warren@mailinator.com");
  const missing = await ask(`${contacts}/${"0".repeat(32)}`);
  assert.equal(missing.status, 404);
  assert.equal((await missing.json()).error.message, "No Record found");
  const stranger = await fetch(contacts);
  assert.equal(stranger.status, 401);
  assert.equal((await stranger.json()).error.message, "User Not Authenticated");
}

async function createsUpdatesDeletes() {
  const name = "Žofie & Sons + 100% \u{1F388} \"'<>\\";
  const created = await ask(contacts, { method: "POST", body: { name, city: "Oslo", fist_name: "x" } });
  assert.equal(created.status, 201);
  assert.equal(created.headers.get("x-ignored-fields"), "fist_name");
  const { result: id } = await created.json();
  assert.equal(created.headers.get("location"), `${contacts}/${id}`);
  const found = await (await ask(contacts + query({ sysparm_query: `name=${name}` }))).json();
  assert.deepEqual(found.result.map((contact) => [contact.sys_id, contact.city]), [[id, "Oslo"]]);
  for (const [method, city] of [["PATCH", "Bergen"], ["PUT", "Tromsø"]]) {
    const { result } = await (await ask(`${records}/${id}`, { method, body: { city } })).json();
    assert.deepEqual([result.city, result.name], [city, name]);
  }
  const gone = await ask(`${records}/${id}`, { method: "DELETE" });
  assert.deepEqual([gone.status, await gone.text()], [204, ""]);
  assert.equal((await ask(`${contacts}/${id}`)).status, 404);
}

// Many at once over the connections that fetch keeps: no change is lost.
async function atOnce() {
  const numbers = Array.from({ length: 50 }, (_, number) => number);
  const city = "At once";
  const made = await Promise.all(
    numbers.map((number) => ask(contacts, { method: "POST", body: { name: `Contact ${number}`, city } })),
  );
  const ids = await Promise.all(made.map(async (answer) => (await answer.json()).result));
  assert.equal(new Set(ids).size, 50);
  const { result } = await (await ask(contacts + query({ sysparm_query: `city=${city}`, sysparm_limit: 100 }))).json();
  assert.deepEqual(result.map((contact) => contact.sys_id).sort(), [...ids].sort());
  const gone = await Promise.all(ids.map((id) => ask(`${records}/${id}`, { method: "DELETE" })));
  assert.ok(gone.every((answer) => answer.status === 204));
}

console.log("fetch of Node", process.versions.node);
await lists();
await pages();
await one();
await createsUpdatesDeletes();
await atOnce();
