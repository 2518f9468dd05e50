/** Builds the documentation site: `node scripts/site.ts`, or serves it while its documents change: `node scripts/site.ts dev`. */
import { join } from 'node:path'
import { build, createServer } from 'vitepress'
import { makePublicFiles } from '../site/.vitepress/public-files.ts'
import { ROOT } from './paths.ts'

const SITE = join(ROOT, 'site')

/** Builds the site into `outDir`, or into `site/.vitepress/dist`. Rejects if a link to a page is dead. */
export async function buildSite(outDir?: string): Promise<void> {
  await makePublicFiles()
  await build(SITE, outDir === undefined ? {} : { outDir })
}

async function serveSite(): Promise<void> {
  await makePublicFiles()
  const server = await createServer(SITE, { host: '127.0.0.1' })
  await server.listen()
  server.printUrls()
}

if (import.meta.main) await (process.argv[2] === 'dev' ? serveSite() : buildSite())
