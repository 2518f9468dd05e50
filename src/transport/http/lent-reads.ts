/** Sockets that read into one buffer of the thread: Node.js would allocate 64 KiB for each read, and shrink it afterwards. */
import type { OnReadOpts } from 'node:net'

const BUFFER_SIZE = 64 * 1024

/** Each read is passed on before the next one begins, on whatever socket, so that one buffer is enough. */
let shared: Uint8Array | undefined

/** The reads of one socket. */
export class LentReads {
  /** Gets the bytes of a read. They are overwritten after it returns. */
  receive: (bytes: Uint8Array) => void = () => {}

  /** For `net.connect`. */
  readonly options: OnReadOpts = {
    buffer: () => {
      shared ??= new Uint8Array(BUFFER_SIZE)
      return shared
    },
    callback: (length, buffer) => {
      this.receive(buffer.subarray(0, length))
      return true
    },
  }
}
