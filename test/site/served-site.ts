/** The built site on a server of files. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'

export interface Served {
  readonly server: Server
  readonly url: string
  /** Paths that were asked for and do not exist. */
  readonly missing: readonly string[]
}

/** Serves a folder on 127.0.0.1, until the server is closed. */
export async function serveSite(folder: string): Promise<Served> {
  const missing: string[] = []
  const app = express()
  app.use(express.static(folder))
  app.use((request, response) => {
    missing.push(request.path)
    response.status(404).end()
  })
  const server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, missing }
}
