import { useEffect, useState } from 'preact/hooks'
import type { MediaKind } from '../../src/shared/media.ts'
import { formatCount } from '../format/count.ts'

/** A picture from bytes, as an `<img>`, which does not run scripts or load other resources. */
export function PayloadImage({ bytes, media }: { bytes: Uint8Array<ArrayBuffer>; media: MediaKind }) {
  const url = useBlobUrl(bytes, media.type)
  const [size, setSize] = useState<string>()
  const [isBroken, setBroken] = useState(false)
  return (
    <figure class="picture">
      {isBroken ? (
        <p class="hint">{`This ${media.extension.toUpperCase()} image cannot be shown. Save it to open it in another program.`}</p>
      ) : (
        <img
          src={url}
          alt={`Payload as ${media.extension.toUpperCase()}`}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setSize(`${formatCount(naturalWidth)} × ${formatCount(naturalHeight)}`)
          }
          onError={() => setBroken(true)}
        />
      )}
      <figcaption class="dim">{[media.type, size].filter(Boolean).join(' · ')}</figcaption>
    </figure>
  )
}

/** A URL for bytes in this page. Revoked when the bytes change. */
function useBlobUrl(bytes: Uint8Array<ArrayBuffer>, type: string): string | undefined {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [bytes, type])
  return url
}
