// A service that Express routes, with its defaults: letter case of a path counts for nothing, nor does a slash at its end. It has a
// route for each operation of the catalog, takes another method where a header or the query names one, and answers each request with
// the request itself and the operation that it would serve.
//
//   node tests/gateways/service.js      prints its port on 127.0.0.1

import { readFileSync } from 'node:fs';
import express from 'express';
import methodOverride from 'method-override';

const catalog = JSON.parse(readFileSync(new URL('../../src/scope/catalog/appwrite.json', import.meta.url)));

// A word before a parameter, or else it would never be reached.
const parameters = ({ path }) => path.split('/').map((part) => (part.startsWith(':') ? '1' : '0')).join('');
const operations = [...catalog.operations].sort((a, b) => (parameters(a) < parameters(b) ? -1 : 1));

const app = express();
for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', '_method']) {
  app.use(methodOverride(name, { methods: null }));
}

function answer(request, response, operation) {
  const headers = request.rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
  const text = `${request.originalMethod ?? request.method} ${request.originalUrl} HTTP/${request.httpVersion}\r\n${headers}\r\nserves: ${operation}\r\n`;
  // A body is read to its end before the answer.
  request.on('end', () => response.type('text/plain').send(text)).resume();
}

for (const { id, method, path } of operations) {
  app[method.toLowerCase()](path, (request, response) => answer(request, response, id));
}
app.use((request, response) => answer(request, response, 'nothing'));

const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
