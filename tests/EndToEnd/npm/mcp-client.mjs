// Talks to `vordr serve` with the official client, and prints what happened as one JSON document.
//   node mcp-client.mjs http URL TOKEN_FILE|-       calls from standard input: [{"name", "arguments"}, …]
//   node mcp-client.mjs stdio PROGRAM [ARG…]
import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const [kind, target, ...rest] = process.argv.slice(2);
const calls = JSON.parse(readFileSync(0, "utf8"));

function transport() {
  if (kind === "stdio") return new StdioClientTransport({ command: target, args: rest, env: process.env });
  const headers = rest[0] === "-" ? {} : { Authorization: `Bearer ${readFileSync(rest[0], "utf8").trim()}` };
  return new StreamableHTTPClientTransport(new URL(target), { requestInit: { headers } });
}

const seen = { connected: false, server: null, tools: [], results: [] };
const client = new Client({ name: "end-to-end", version: "1" });
try {
  await client.connect(transport());
  seen.connected = true;
  seen.server = client.getServerVersion();
  seen.tools = (await client.listTools()).tools;
  for (const call of calls) {
    try {
      seen.results.push({ call: call.name, result: await client.callTool(call) });
    } catch (error) {
      seen.results.push({ call: call.name, error: { code: error.code, message: error.message } });
    }
  }
} catch (error) {
  seen.error = { code: error.code, message: error.message };
} finally {
  await client.close().catch((error) => { seen.closing = error.message; });
}
console.log(JSON.stringify(seen));
