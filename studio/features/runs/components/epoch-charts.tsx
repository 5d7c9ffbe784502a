import { useMemo } from 'react'
import { Chart } from '../../../components/chart.js'
import { percent, rate } from '../../../components/format.js'
import type { LiveEpochFragment } from '../queries/runs.documents.js'

/** More curves than that are no picture: the classes with the lowest F1 are shown. */
const MOST_CLASSES = 8

export function EpochCharts({ epochs }: { epochs: readonly LiveEpochFragment[] }) {
  const xs = useMemo(() => epochs.map((epoch) => epoch.number), [epochs])
  const classes = useMemo(() => classCurves(epochs), [epochs])
  const curve = (name: 'trainLoss' | 'validationLoss' | 'trainAccuracy' | 'validationAccuracy' | 'learningRate') =>
    epochs.map((epoch) => epoch[name])
  if (epochs.length === 0) return null
  return (
    <div className="grid">
      <section className="card">
        <Chart
          title="Loss"
          xs={xs}
          series={[
            { name: 'train', values: curve('trainLoss'), dashed: true },
            { name: 'validation', values: curve('validationLoss') },
          ]}
        />
      </section>
      <section className="card">
        <Chart
          title="Accuracy"
          xs={xs}
          series={[
            { name: 'train', values: curve('trainAccuracy'), dashed: true },
            { name: 'validation', values: curve('validationAccuracy') },
          ]}
          format={(value) => percent(value, 1)}
        />
      </section>
      <section className="card">
        <Chart title={classes.title} xs={xs} series={classes.series} />
      </section>
      <section className="card">
        <Chart title="Learning rate" xs={xs} series={[{ name: 'rate', values: curve('learningRate') }]} format={rate} />
      </section>
    </div>
  )
}

function classCurves(epochs: readonly LiveEpochFragment[]) {
  const latest = epochs.at(-1)?.perClass ?? []
  const lowest = [...latest].sort((a, b) => a.f1Score - b.f1Score).slice(0, MOST_CLASSES)
  const shown = latest.filter((metrics) => lowest.includes(metrics))
  const title =
    latest.length > MOST_CLASSES ? `F1 of the ${String(MOST_CLASSES)} classes with the lowest` : 'F1 per class'
  return {
    title,
    series: shown.map(({ label }) => ({
      name: label,
      values: epochs.map((epoch) => epoch.perClass.find((metrics) => metrics.label === label)?.f1Score ?? null),
    })),
  }
}
