/** Which page is where. What a page shows is in its address, so that a link shows the same to somebody else. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { compareSearch, classifySearch, datasetSearch, runSearch, runsSearch, trainSearch } from './search.js'
import { NothingHere, Shell } from './shell.js'

const root = createRootRoute({ component: Shell, notFoundComponent: NothingHere })

const routes = [
  createRoute({ getParentRoute: () => root, path: '/', component: () => <Navigate to="/runs" replace /> }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs',
    validateSearch: runsSearch,
    component: lazyRouteComponent(() => import('./features/runs/components/runs-page.js'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$runId',
    validateSearch: runSearch,
    component: lazyRouteComponent(() => import('./features/runs/components/run-page.js'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/compare',
    validateSearch: compareSearch,
    component: lazyRouteComponent(() => import('./features/runs/components/compare-page.js'), 'ComparePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/train',
    validateSearch: trainSearch,
    component: lazyRouteComponent(() => import('./features/train/components/train-page.js'), 'TrainPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/datasets',
    component: lazyRouteComponent(() => import('./features/datasets/components/datasets-page.js'), 'DatasetsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/datasets/$datasetId',
    validateSearch: datasetSearch,
    component: lazyRouteComponent(() => import('./features/datasets/components/dataset-page.js'), 'DatasetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/models',
    component: lazyRouteComponent(() => import('./features/models/components/models-page.js'), 'ModelsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/classify',
    validateSearch: classifySearch,
    component: lazyRouteComponent(() => import('./features/classify/components/classify-page.js'), 'ClassifyPage'),
  }),
] as const

const tree = root.addChildren(routes)

export function createStudioRouter() {
  return createRouter({ routeTree: tree, scrollRestoration: true, defaultPreload: 'intent' })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createStudioRouter>
  }
}
