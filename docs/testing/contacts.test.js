// A client tested with Jest: `npx jest contacts.test.js`, beside a package.json.
const { spawn } = require("node:child_process");
const { once } = require("node:events");

const authorization = `Basic ${btoa("admin:admin")}`;
let server, url;

beforeAll(async () => {
  server = spawn("encq", ["serve", "--port", "0", "--user", "admin", "--password", "admin"]);
  const [line] = await once(server.stdout, "data");
  url = line.toString().trim().split(" ")[1];
});
afterAll(async () => {
  server.kill();
  await once(server, "exit");
});
beforeEach(() => ask("/__admin/reset", { method: "POST" }));

function ask(path, { headers, ...rest } = {}) {
  return fetch(url + path, { headers: { authorization, "content-type": "application/json", ...headers }, ...rest });
}

async function named(text) {
  const query = new URLSearchParams({ sysparm_query: `nameLIKE${text}^ORDERBYname` });
  const answer = await ask(`/api/now/contact?${query}`);
  expect(answer.headers.get("x-query-diagnostics")).toBeNull();
  return (await answer.json()).result.map((contact) => contact.name);
}

test("finds by name", async () => {
  expect(await named("warren")).toEqual(["George Warren"]);
});

test("adds", async () => {
  const body = JSON.stringify({ name: "Ann Warren", city: "Oslo" });
  const answer = await ask("/api/now/contact", { method: "POST", body });
  expect(answer.status).toBe(201);
  expect(await named("warren")).toEqual(["Ann Warren", "George Warren"]);
});

test("sees when the instance fails", async () => {
  const answer = await ask("/api/now/contact", { headers: { "x-mock-fault": "503" } });
  expect(answer.status).toBe(503);
});
