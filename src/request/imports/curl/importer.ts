/** curl command lines, as a kind of file. */
import type { Importer } from '../imported.ts'
import { looksLikeCurl, readCurl } from './read.ts'

export const CURL: Importer = {
  name: 'curl',
  label: 'curl commands',
  extensions: ['sh', 'bash', 'bat', 'cmd', 'txt', 'curl'],
  recognizes: ({ text }) => looksLikeCurl(text),
  read: async ({ text }) => readCurl(text),
}
