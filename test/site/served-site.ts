/** The built site on a server of files. */
import express from 'express'
import { serveHttp } from '../support/loopback.ts'

export interface Served {
  readonly url: string
  /** Paths that were asked for and do not exist. */
  readonly missing: readonly string[]
}

/** Serves a folder on 127.0.0.1, until `closeServers`. */
export async function serveSite(folder: string): Promise<Served> {
  const missing: string[] = []
  const app = express()
  app.use(express.static(folder))
  app.use((request, response) => {
    missing.push(request.path)
    response.status(404).end()
  })
  return { url: await serveHttp(app), missing }
}
