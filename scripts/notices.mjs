/** The licenses of the bundled packages. They require that their text goes with the bundle. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** @typedef {{ readonly heading: string, readonly copyright: readonly string[], readonly license: string, readonly text: string }} Notice */

/** Copyright notices of packages under the MIT license that are published without its text. */
const MIT_WITHOUT_FILE = new Map([['@vscode/l10n', 'Copyright (c) Microsoft Corporation.']])
/** How a package was changed for the bundle, if its license asks to say so. */
const CHANGES = new Map([
  ['@vscode/codicons', 'By Microsoft Corporation. Only the icons that the program shows.'],
])
/** Licenses that may be given by their URL (CC BY 4.0, section 3(a)(1)(C)); what stands for their text. */
const BY_URL = new Map([
  [
    'CC-BY-4.0',
    'Creative Commons Attribution 4.0 International: https://creativecommons.org/licenses/by/4.0/legalcode\nThe material comes without warranties.',
  ],
])

/** A line that says who has the copyright. The texts of licenses have lines with the word too, but none with a year or name. */
const COPYRIGHT = /^[#\t ]*(?:copyright\b.*(?:\d{4}|\(c\)|©)|\(c\) \d{4}).*$/gim
/** What stands above a license, and only names it; its underline as well. */
const TITLE = /^\s*\(?(?:the )?(?:mit|isc) license\)?(?: \(mit\))?\n(?:[=\s-]+\n)?/i
/** What follows the terms of the Apache License: how to apply it to other work. */
const APPENDIX = /(END OF TERMS AND CONDITIONS).*/s

/**
 * Returns the text of the notices. Packages under the same text have it in common; the copyright of each stands before it. Rejects
 * if a package does not have a license file.
 * @param {Iterable<string>} files Paths of the bundled files
 * @returns {Promise<string>}
 */
export async function thirdPartyNotices(files) {
  const folders = new Set(
    [...files].flatMap((file) => file.match(/^.*node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []),
  )
  const notices = await Promise.all([...folders].sort().map(noticeOf))
  const byWords = Map.groupBy(notices, ({ license, text }) => `${license} ${wordsOf(text)}`)
  // Similar texts that are close compress well.
  const sorted = [...byWords].sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = sorted.map(([, [first, ...others]]) => {
    const heads = [first, ...others].map(({ heading, copyright }) => [heading, ...copyright].join('\n'))
    return `${'-'.repeat(80)}\n${heads.join('\n\n')}\n\n${first?.text}\n`
  })
  return `This program contains these packages, under these licenses.\n\n${parts.join('\n')}`
}

/**
 * @param {string} folder Path of a package
 * @returns {Promise<Notice>}
 */
async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find((each) => /^licen[cs]e([.-]|$)/i.test(each))
  const copyright = license === 'MIT' ? MIT_WITHOUT_FILE.get(name) : undefined
  if (file === undefined && copyright === undefined)
    throw new Error(`${name} is bundled, but ${folder} does not have a license file.`)
  const whole =
    file === undefined
      ? (await readFile('LICENSE', 'utf8')).replace(/^Copyright .*$/m, copyright ?? '')
      : await readFile(join(folder, file), 'utf8')
  const text = BY_URL.get(license) ?? whole.replaceAll('\r', '').replaceAll(COPYRIGHT, '')
  const change = CHANGES.get(name)
  return {
    heading: `${name} ${version} (${license})`,
    copyright: [
      ...(whole.match(COPYRIGHT) ?? []).map((line) => line.replace(/^[#\s]*/, '')),
      ...(change ? [change] : []),
    ],
    license,
    text: text.replace(APPENDIX, '$1').trim().replace(TITLE, '').trim(),
  }
}

/**
 * The words of a license, which are the same however it breaks its lines and writes its quotation marks.
 * @param {string} text
 */
function wordsOf(text) {
  return text.toLowerCase().match(/\w+/g)?.join(' ') ?? ''
}
