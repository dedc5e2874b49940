// A client tested with node:test: `node --test docs/testing/contacts.test.mjs`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { after, before, beforeEach, test } from "node:test";

const authorization = `Basic ${btoa("admin:admin")}`;
let server, url;

before(async () => {
  server = spawn("encq", ["serve", "--port", "0", "--user", "admin", "--password", "admin"]);
  for await (const line of createInterface({ input: server.stdout })) {
    url = line.split(" ")[1];
    break;
  }
});
after(() => server.kill());
beforeEach(() => ask("/__admin/reset", { method: "POST" }));

function ask(path, { headers, ...rest } = {}) {
  return fetch(url + path, { headers: { authorization, "content-type": "application/json", ...headers }, ...rest });
}

async function named(text) {
  const query = new URLSearchParams({ sysparm_query: `nameLIKE${text}^ORDERBYname` });
  const answer = await ask(`/api/now/contact?${query}`);
  assert.equal(answer.headers.get("x-query-diagnostics"), null);
  return (await answer.json()).result.map((contact) => contact.name);
}

test("finds by name", async () => {
  assert.deepEqual(await named("warren"), ["George Warren"]);
});

test("adds", async () => {
  const body = JSON.stringify({ name: "Ann Warren", city: "Oslo" });
  const answer = await ask("/api/now/contact", { method: "POST", body });
  assert.equal(answer.status, 201);
  assert.deepEqual(await named("warren"), ["Ann Warren", "George Warren"]);
});

test("sees when the instance fails", async () => {
  const answer = await ask("/api/now/contact", { headers: { "x-mock-fault": "503" } });
  assert.equal(answer.status, 503);
});
