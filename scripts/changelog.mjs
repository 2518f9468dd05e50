/** The changelog of the .vsix: the first changes of the newest versions, in short. The repository has all of it. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

const VERSIONS = 3
/** Of a version and a kind, such as "Added". */
const CHANGES = 12
/** A change, up to the end of its first sentence. Changes that are parts of it are indented. */
const CHANGE = /^- (?:[^.]|\.(?!\s|$))*/gm

/**
 * Returns the newest versions with the first sentence of the first changes of each kind, and the count of the others.
 * @returns {Promise<string>}
 */
export async function shortChangelog() {
  const text = await readFile(resolve('CHANGELOG.md'), 'utf8')
  const [head = '', ...versions] = text.split(/^(?=## )/m)
  const parts = versions.slice(0, VERSIONS).flatMap((version) => version.split(/^(?=### )/m).map(shortened))
  const link = 'This is a summary. [The whole changelog](CHANGELOG.md) has the details.'
  return `${[head.split('\n')[0], link, ...parts].join('\n\n')}\n`
}

/**
 * @param {string} part A heading and the changes below it
 */
function shortened(part) {
  const changes = (part.match(CHANGE) ?? []).map((change) => `${change.trimEnd()}.`)
  const others = changes.length - CHANGES
  const list = [...changes.slice(0, CHANGES), ...(others > 0 ? [`- And ${others} more.`] : [])]
  return [part.split('\n')[0], ...(list.length > 0 ? [list.join('\n')] : [])].join('\n\n')
}
