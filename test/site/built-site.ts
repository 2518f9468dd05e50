/** The built site that the tests of a run share: to build it takes longer than most tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildSite } from '../../scripts/site.ts'
import { closeServers } from '../support/loopback.ts'
import { type Served, serveSite } from './served-site.ts'

export interface BuiltSite extends Served {
  readonly folder: string
}

let built: Promise<BuiltSite> | undefined
const folders: string[] = []

/** Builds the site, or resolves to the one that was built. */
export function builtSite(): Promise<BuiltSite> {
  built ??= build()
  return built
}

async function build(): Promise<BuiltSite> {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-inspector-site-'))
  folders.push(folder)
  await buildSite(folder)
  return { ...(await serveSite(folder)), folder }
}

// A hook of the whole run, as the file is loaded outside of a suite.
after(() => {
  closeServers()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
