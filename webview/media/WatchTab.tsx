import { FramesView } from './FramesView.tsx'
import { PictureView } from './PictureView.tsx'
import { PlaybackView } from './PlaybackView.tsx'
import type { Watch } from './use-watch.ts'

/** The stream itself: its newest picture, or its sound and video as they arrive. */
export function WatchTab({ watch }: { watch: Watch }) {
  switch (watch.form) {
    case 'frames':
      return <FramesView watch={watch} />
    case 'picture':
      return <PictureView watch={watch} />
    case 'playback':
      return <PlaybackView watch={watch} />
  }
}
