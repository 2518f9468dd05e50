/** What the decoders find in the selected event. Read again when more is decoded; until then, the last result is shown. */
import type { DecodedBytes, DecodedConversation, DecodedMessage } from '../../src/shared/protocol/decoding.ts'
import { usePage } from '../state/page.ts'
import { useLoaded } from '../ui/hooks.ts'

/** Undefined until known. */
export function useDecoded(index: number | undefined): DecodedMessage | undefined {
  const page = usePage()
  return useCurrent(index, (asked) => page.host.call('decoded', { index: asked }))
}

/** Where the packets of an event are in its bytes. Null or undefined until known. */
export function useDecodedBytes(index: number | undefined): DecodedBytes | null | undefined {
  const page = usePage()
  return useCurrent(index, (asked) => page.host.call('decodedBytes', { index: asked }))
}

/** Null if the event is not part of a conversation. Undefined until known. */
export function useConversation(index: number | undefined): DecodedConversation | null | undefined {
  const page = usePage()
  return useCurrent(index, (asked) => page.host.call('conversation', { index: asked }))
}

/** Undefined for an event that was dropped, which the details say. */
function useCurrent<T>(index: number | undefined, read: (index: number) => Promise<T>): T | undefined {
  const page = usePage()
  const loaded = useLoaded(async () => {
    if (index === undefined) return undefined
    return { index, value: await read(index).catch(() => undefined) }
  }, [page, index, page.decodings.value])
  return loaded?.index === index ? loaded?.value : undefined
}
