/** MessagePack as `socket.io-msgpack-parser` writes it. Loaded when it is needed. */
import { loadMsgpackWith, type Unpack } from '../payloads/msgpack.ts'

let loaded: Unpack | undefined

/** The extension type of `undefined`. */
const UNDEFINED_TYPE = 0

export async function loadUnpack(): Promise<void> {
  loaded ??= await loadMsgpackWith(({ ExtensionCodec }) => {
    const extensionCodec = new ExtensionCodec()
    extensionCodec.register({ type: UNDEFINED_TYPE, encode: () => null, decode: () => undefined })
    return { extensionCodec }
  })
}

export function unpack(bytes: Uint8Array): unknown {
  if (loaded === undefined) throw new Error('The MessagePack library is not loaded.')
  return loaded(bytes)
}
