/** The licences of what is bundled, for whoever gets the bundle: each of them asks for its text to go along. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The text of the notices, by name of the package. Rejects where a package has no licence file.
 * @param {Iterable<string>} files What was bundled, as paths of files
 * @returns {Promise<string>}
 */
export async function thirdPartyNotices(files) {
  const folders = new Set(
    [...files].flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []),
  )
  const notices = await Promise.all([...folders].sort().map(noticeOf))
  return `What is part of this program besides its own code, and under which licences.\n\n${notices.join('\n')}`
}

/** @param {string} folder A package's */
async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((each) => /^licen[cs]e(\.|$)/i.test(each))
  if (file === undefined) throw new Error(`${name} is bundled and has no licence file in ${folder}.`)
  const text = await readFile(join(folder, file), 'utf8')
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`
}
