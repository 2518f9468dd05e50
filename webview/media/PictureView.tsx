import { useEffect, useState } from 'preact/hooks'
import { formatBytes } from '../format/count.ts'
import { type PageState, usePage } from '../state/page.ts'
import { SaveStream } from './PlayerBar.tsx'
import { StreamReader } from './reader.ts'
import type { Watch } from './use-watch.ts'
import { headerOf } from './watchable.ts'

/** Bytes of a picture at most, and milliseconds between two reads of one that grows. */
const MOST_BYTES = 64 * 1024 * 1024
const LOOK_AGAIN = 250

interface Picture {
  readonly url: string
  readonly bytes: number
  readonly isTooLarge: boolean
}

/** A picture that is being downloaded: shows the part that has arrived. */
export function PictureView({ watch }: { watch: Watch }) {
  const page = usePage()
  const picture = useGrowingPicture(page, watch)
  const expected = useLength(page, watch)
  const [size, setSize] = useState('')
  const [isBroken, setBroken] = useState(false)
  return (
    <section class="watch" aria-label="Picture as it downloads">
      {picture !== undefined && (
        <img
          class="watch-picture"
          src={picture.url}
          alt="Downloaded part"
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            setSize(`${naturalWidth} × ${naturalHeight}`)
            setBroken(false)
          }}
          onError={() => setBroken(true)}
        />
      )}
      {isBroken && (
        <p class="hint">{`The part that has arrived cannot be shown as ${watch.media.type}. Save it to open it in another program.`}</p>
      )}
      {picture?.isTooLarge === true && (
        <p class="hint">The picture is too large to show. Save it to open it in another program.</p>
      )}
      <div class="watch-bar">
        <span>{watch.media.type}</span>
        <span>{size}</span>
        {picture !== undefined && (
          <span>
            {formatBytes(picture.bytes) + (expected === undefined ? '' : ` of ${formatBytes(expected)}`)}
          </span>
        )}
        <SaveStream watch={watch} />
      </div>
    </section>
  )
}

/** The complete length in bytes, as given by the server. */
function useLength(page: PageState, { open }: Watch): number | undefined {
  const [length, setLength] = useState<number>()
  useEffect(() => {
    void page.attempt(page.host.call('detail', { index: open, maxBytes: 0 })).then((detail) => {
      const value = detail === undefined ? '' : headerOf(detail.fields, 'content-length')
      // An encoded body has a different length.
      if (
        /^\d{1,15}$/.test(value) &&
        detail !== undefined &&
        headerOf(detail.fields, 'content-encoding') === ''
      )
        setLength(Number(value))
    })
  }, [page, open])
  return length
}

function useGrowingPicture(page: PageState, { connection, open, media }: Watch): Picture | undefined {
  const [picture, setPicture] = useState<Picture>()
  useEffect(() => {
    const reader = new StreamReader(
      (from, maxBytes) => page.host.call('stream', { connection, from, maxBytes }),
      open + 1,
    )
    const parts: Uint8Array<ArrayBuffer>[] = []
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async () => {
      let came = 0
      for (let bytes = await reader.read(); bytes.length > 0; bytes = await reader.read()) {
        came += bytes.length
        parts.push(bytes)
        if (reader.size > MOST_BYTES) break
      }
      if (!isCurrent) return
      const isTooLarge = reader.size > MOST_BYTES
      if (came > 0)
        setPicture({
          url: URL.createObjectURL(new Blob(parts, { type: media.type })),
          bytes: reader.size,
          isTooLarge,
        })
      if (!isTooLarge && reader.reopened === undefined) timer = setTimeout(look, LOOK_AGAIN)
    }
    look().catch(() => {
      // The stream was dropped meanwhile. The details say so.
    })
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [page, connection, open, media.type])
  const url = picture?.url
  useEffect(() => (url === undefined ? undefined : () => URL.revokeObjectURL(url)), [url])
  return picture
}
