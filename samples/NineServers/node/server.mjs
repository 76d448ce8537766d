import { createServer } from "node:http";

const server = createServer((request, response) => response.end("node\n"));
server.listen(process.env.PORT, "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit()));
