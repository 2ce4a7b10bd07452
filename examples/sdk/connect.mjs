// What the examples share: the client of the official SDK, made from the environment.

import { Client, Project } from 'node-appwrite';

/** The client and the keys of the project that the environment names. */
export function connect(environment = process.env) {
  const { APPWRITE_ENDPOINT, APPWRITE_PROJECT, APPWRITE_KEY } = environment;
  if (!APPWRITE_ENDPOINT || !APPWRITE_PROJECT || !APPWRITE_KEY) {
    throw new Error('set APPWRITE_ENDPOINT, APPWRITE_PROJECT and APPWRITE_KEY');
  }
  const client = new Client().setEndpoint(APPWRITE_ENDPOINT).setProject(APPWRITE_PROJECT).setKey(APPWRITE_KEY);
  return { client, project: new Project(client), endpoint: APPWRITE_ENDPOINT };
}

/** An expiry so many days from now. */
export function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

/** Prints what only standard output may carry: the secret, as JSON. */
export function print(value) {
  console.log(JSON.stringify(value));
}
