/** Sockets that read into one buffer of the thread: Node.js would allocate 64 KiB for each read, and shrink it afterwards. */
import type { OnReadOpts } from 'node:net'
import type { Duplex } from 'node:stream'

/** In a flood, what each read costs is shared by what it gets. Twice as much would keep others waiting too long: libuv reads 32 times in a row. */
const BUFFER_SIZE = 128 * 1024

/** Each read is passed on before the next one begins, on whatever socket, so that one buffer is enough. */
let shared: Uint8Array | undefined
/** The bytes of the latest read. Messages of a size are common, and so are reads of it. */
let latest: Uint8Array = new Uint8Array(0)

/** The reads of one socket. */
export class LentReads {
  /** Gets the bytes of a read. They are overwritten after it returns. If it returns false, nothing more is read until `resume`. */
  receive: (bytes: Uint8Array) => unknown = () => {}

  /** For `net.connect`. */
  readonly options: OnReadOpts = {
    // Not a function, which Node.js would call after each read.
    buffer: sharedBuffer(),
    callback: (length, buffer) => {
      if (latest.length !== length || latest.buffer !== buffer.buffer) latest = buffer.subarray(0, length)
      return this.receive(latest) !== false
    },
  }

  /** Passes the bytes on as `data` events until `receive` is set. */
  emitOn(socket: Duplex): void {
    this.receive = (bytes) => socket.push(Buffer.from(bytes))
  }
}

function sharedBuffer(): Uint8Array {
  shared ??= new Uint8Array(BUFFER_SIZE)
  return shared
}
