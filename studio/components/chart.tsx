/** Curves over epochs: uPlot in the page's colours, with the latest values beside their names. */
import { useEffect, useEffectEvent, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export interface Series {
  readonly name: string
  readonly values: readonly (number | null)[]
  /** Which of the eight colours, from 0; by its place unless told. */
  readonly colour?: number
  readonly dashed?: boolean
}

export interface ChartProps {
  readonly title: string
  /** E.g. epochs, ascending. */
  readonly xs: readonly number[]
  readonly series: readonly Series[]
  readonly format?: (value: number) => string
}

const HEIGHT = 220
const COLOURS = 8
/** Of fewer epochs each is marked: one alone is no line. */
const MOST_POINTS = 2

export function Chart({ title, xs, series, format = short }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const shape = series.map((each) => `${each.name} ${String(each.colour)} ${String(each.dashed)}`).join('\n')
  const data = [xs, ...series.map((each) => each.values)] as uPlot.AlignedData
  const plot = useRef<uPlot>(null)
  const draw = useEffectEvent((element: HTMLElement) => {
    plot.current?.destroy()
    plot.current = new uPlot(optionsFor(element, { series, format }), data, element)
  })
  const update = useEffectEvent(() => plot.current?.setData(data))

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const redraw = (): void => draw(element)
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }))
    redraw()
    resized.observe(element)
    dark.addEventListener('change', redraw)
    return () => {
      resized.disconnect()
      dark.removeEventListener('change', redraw)
      plot.current?.destroy()
      plot.current = null
    }
  }, [shape])
  useEffect(() => {
    update()
  }, [xs, series])

  return (
    <figure className="chart" aria-label={title}>
      <figcaption>
        <h2>{title}</h2>
        <Legend series={series} format={format} />
      </figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  )
}

function Legend({ series, format }: Required<Pick<ChartProps, 'series' | 'format'>>) {
  return (
    <ul className="chart__legend">
      {series.map((each, index) => {
        const last = each.values.findLast((value): value is number => value !== null)
        return (
          <li key={each.name} style={{ ['--key' as string]: colourName(each.colour ?? index) }}>
            <span className={`chart__key ${each.dashed === true ? 'chart__key--dashed' : ''}`} />
            {each.name} <span className="number soft">{last === undefined ? '' : format(last)}</span>
          </li>
        )
      })}
    </ul>
  )
}

/** Three digits that count, however large. */
function short(value: number): string {
  return Math.abs(value) < 1 ? value.toFixed(3) : String(Number(value.toPrecision(3)))
}

function colourName(index: number): string {
  return `var(--series-${String((index % COLOURS) + 1)})`
}

interface Look {
  readonly series: readonly Series[]
  readonly format: (value: number) => string
}

function optionsFor(element: HTMLElement, { series, format }: Look): uPlot.Options {
  const colour = resolver(element)
  const axis = {
    stroke: colour('var(--ink-soft)'),
    grid: { stroke: colour('var(--line)'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 34, gap: 10, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map((each, index) => ({
        label: each.name,
        stroke: colour(colourName(each.colour ?? index)),
        width: 2,
        spanGaps: true,
        points: { show: (plot: uPlot) => plot.data[0].length <= MOST_POINTS, size: 6 },
        ...(each.dashed === true ? { dash: [5, 4] } : {}),
      })),
    ],
  }
}

/** A canvas does not know the page's variables: what they stand for now. */
function resolver(element: HTMLElement): (colour: string) => string {
  return (colour) => {
    const probe = document.createElement('span')
    probe.style.color = colour
    element.append(probe)
    const resolved = getComputedStyle(probe).color
    probe.remove()
    return resolved
  }
}
