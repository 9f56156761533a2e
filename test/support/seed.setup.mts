/** The gate tries the same cases each time; `FAST_CHECK_SEED=random npm run test:jest` looks for new ones. */
import fc from 'fast-check';

const { FAST_CHECK_SEED: seed = '20261122' } = process.env;
fc.configureGlobal({ seed: seed === 'random' ? Date.now() : Number(seed) });
