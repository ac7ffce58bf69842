// Drives a server with the official SDK for TypeScript: reads and prints what sdk_client.py does. The SDK is looked
// for below the folder that NODE_PATH names, as modules of this kind do not do by themselves.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const find = createRequire(process.env.NODE_PATH + "/");
const load = (name) => import(pathToFileURL(find.resolve(name)));
const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");
const { StdioClientTransport } = await load("@modelcontextprotocol/client/stdio");

const request = JSON.parse(readFileSync(0, "utf8"));

function transport() {
  if (request.url === undefined) {
    const [command, ...args] = request.command;
    return new StdioClientTransport({ command, args, env: request.env, cwd: request.cwd });
  }
  const headers = { Authorization: `Bearer ${request.token}` };
  return new StreamableHTTPClientTransport(new URL(request.url), { requestInit: { headers } });
}

const mode = request.mode === "legacy" ? "legacy" : { pin: request.mode };
const client = new Client({ name: "sdk", version: "1" }, { versionNegotiation: { mode } });
await client.connect(transport());
const { tools } = await client.listTools();
const results = {};
for (const [name, args] of request.calls) {
  // The SDK compares what comes with the tool's output schema.
  results[name] = await client.callTool({ name, arguments: args });
}
const { resources } = await client.listResources();
const read = [];
for (const { uri } of resources) read.push((await client.readResource({ uri })).contents.length);
const { prompts } = await client.listPrompts();
console.log(
  JSON.stringify({
    protocol: client.getNegotiatedProtocolVersion(),
    tools: tools.map((tool) => tool.name),
    results,
    resources: resources.map((resource) => resource.uri),
    read,
    prompts: prompts.map((prompt) => prompt.name),
  }),
);
await client.close();
