#ifndef PYLON_CGSL_SHIM_H
#define PYLON_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics.h>
#include <gsl/gsl_version.h>

// GSL's generator types are mutable C globals, which Swift 6 refuses to touch; functions hand them over.
static inline const gsl_rng_type *pylon_gsl_taus2(void) { return gsl_rng_taus2; }
static inline const gsl_rng_type *pylon_gsl_mt19937(void) { return gsl_rng_mt19937; }
static inline const gsl_multimin_fminimizer_type *pylon_gsl_nmsimplex2(void) {
  return gsl_multimin_fminimizer_nmsimplex2;
}

#endif
