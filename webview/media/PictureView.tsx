import * as l10n from '@vscode/l10n'
import { useMemo, useState } from 'preact/hooks'
import { formatBytes } from '../format/count.ts'
import { type PageState, usePage } from '../state/page.ts'
import { useLoaded, useObjectUrl, usePolling } from '../ui/hooks.ts'
import { SaveStream } from './PlayerBar.tsx'
import { streamOf } from './reader.ts'
import { useImage } from './use-image.ts'
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
  const { size, isBroken, handlers } = useImage()
  return (
    <section class="watch" aria-label={l10n.t('Picture as it downloads')}>
      {picture !== undefined && (
        <img class="watch-picture" src={picture.url} alt={l10n.t('Downloaded part')} {...handlers} />
      )}
      {isBroken && (
        <p class="hint">
          {l10n.t(
            'The part that has arrived cannot be shown as {0}. Save it to open it in another program.',
            watch.media.type,
          )}
        </p>
      )}
      {picture?.isTooLarge === true && (
        <p class="hint">
          {l10n.t('The picture is too large to show. Save it to open it in another program.')}
        </p>
      )}
      <div class="watch-bar">
        <span>{watch.media.type}</span>
        <span>{size}</span>
        {picture !== undefined && (
          <span>
            {expected === undefined
              ? formatBytes(picture.bytes)
              : l10n.t('{0} of {1}', formatBytes(picture.bytes), formatBytes(expected))}
          </span>
        )}
        <SaveStream watch={watch} />
      </div>
    </section>
  )
}

/** The complete length in bytes, as given by the server. */
function useLength(page: PageState, { open }: Watch): number | undefined {
  const detail = useLoaded(() => page.call('detail', { index: open, maxBytes: 0 }), [page, open])
  // An encoded body has a different length.
  if (detail === undefined || headerOf(detail.fields, 'content-encoding') !== '') return undefined
  const value = headerOf(detail.fields, 'content-length')
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

function useGrowingPicture(page: PageState, watch: Watch): Picture | undefined {
  const [picture, setPicture] = useState<Picture>()
  const { connection, open, media } = watch
  const inputs = [page, connection, open, media.type]
  const { reader, parts } = useMemo(
    () => ({ reader: streamOf(page, watch), parts: [] as Uint8Array<ArrayBuffer>[] }),
    inputs,
  )
  const look = async (isCurrent: () => boolean) => {
    const before = parts.length
    for (let bytes = await reader.read(); bytes.length > 0; bytes = await reader.read()) {
      parts.push(bytes)
      if (reader.size > MOST_BYTES) break
    }
    const isTooLarge = reader.size > MOST_BYTES
    if (isCurrent() && parts.length > before)
      setPicture({
        url: URL.createObjectURL(new Blob(parts, { type: media.type })),
        bytes: reader.size,
        isTooLarge,
      })
    return isTooLarge || reader.reopened !== undefined
  }
  usePolling(look, LOOK_AGAIN, inputs)
  useObjectUrl(picture?.url)
  return picture
}
