/** Stands in for `node:crypto` in the worker: random values, and digests of keys. */
import { sha1 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { Buffer } from './buffer.ts'

const HASHES = { sha1, sha256 }

export const randomUUID = () => crypto.randomUUID()

export function randomBytes(size: number): Buffer {
  return crypto.getRandomValues(Buffer.alloc(size))
}

export function createHash(name: keyof typeof HASHES) {
  const hash = HASHES[name].create()
  const made = {
    update(data: string | Uint8Array) {
      hash.update(typeof data === 'string' ? Buffer.from(data) : data)
      return made
    },
    digest: (encoding: 'base64' | 'hex') => Buffer.from(hash.digest()).toString(encoding),
  }
  return made
}
