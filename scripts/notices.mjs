/** The licences of the bundled packages. They require that their text goes with the bundle. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Returns the text of the notices, sorted by package. Rejects if a package does not have a licence file.
 * @param {Iterable<string>} files Paths of the bundled files
 * @returns {Promise<string>}
 */
export async function thirdPartyNotices(files) {
  const folders = new Set(
    [...files].flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []),
  )
  const notices = await Promise.all([...folders].sort().map(noticeOf))
  return `This program contains these packages, under these licences.\n\n${notices.join('\n')}`
}

/** @param {string} folder Path of a package */
async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|$)/i.test(each))
  if (file === undefined) throw new Error(`${name} is bundled, but ${folder} does not have a licence file.`)
  const text = await readFile(join(folder, file), 'utf8')
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`
}
