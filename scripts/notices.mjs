/** The licenses of the bundled packages. They require that their text goes with the bundle. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Copyright notices of packages under the MIT license that are published without its text. */
const MIT_WITHOUT_FILE = new Map([['@vscode/l10n', 'Copyright (c) Microsoft Corporation.']])
/** How a package was changed for the bundle, if its license asks to say so. */
const CHANGES = new Map([['@vscode/codicons', 'Only the icons that the program shows.\n\n']])

/**
 * Returns the text of the notices, sorted by license: similar texts that are close compress well. Rejects if a package does not
 * have a license file.
 * @param {Iterable<string>} files Paths of the bundled files
 * @returns {Promise<string>}
 */
export async function thirdPartyNotices(files) {
  const folders = new Set(
    [...files].flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []),
  )
  const notices = await Promise.all([...folders].sort().map(noticeOf))
  const sorted = notices.toSorted((a, b) => a.license.localeCompare(b.license))
  const texts = sorted.map(({ text }) => text)
  return `This program contains these packages, under these licenses.\n\n${texts.join('\n')}`
}

/** @param {string} folder Path of a package */
async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((each) => /^licen[cs]e([.-]|$)/i.test(each))
  const copyright = license === 'MIT' ? MIT_WITHOUT_FILE.get(name) : undefined
  if (file === undefined && copyright === undefined)
    throw new Error(`${name} is bundled, but ${folder} does not have a license file.`)
  const text =
    file === undefined
      ? (await readFile('LICENSE', 'utf8')).replace(/^Copyright .*$/m, copyright ?? '')
      : await readFile(join(folder, file), 'utf8')
  const heading = `${name} ${version} (${license})\n\n${CHANGES.get(name) ?? ''}`
  return { license, text: `${'-'.repeat(80)}\n${heading}${text.trim()}\n` }
}
