#ifndef PYLON_CGSL_SHIM_H
#define PYLON_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sf_erf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_statistics.h>
#include <gsl/gsl_version.h>
#include <stdint.h>

static inline const gsl_multimin_fminimizer_type *pylon_gsl_nmsimplex2(void) {
  return gsl_multimin_fminimizer_nmsimplex2;
}

// xoshiro256++ 1.0 by David Blackman and Sebastiano Vigna (public domain; doi:10.1145/3460772) as a generator of GSL:
// GSL's own are seeded with 32 bits, of which 80,000 streams would share one in two cases.

typedef struct {
  uint64_t word[4];
} pylon_xoshiro;

static inline uint64_t pylon_rotated(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t pylon_xoshiro_next(pylon_xoshiro *state) {
  uint64_t *s = state->word;
  const uint64_t result = pylon_rotated(s[0] + s[3], 23) + s[0];
  const uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = pylon_rotated(s[3], 45);
  return result;
}

// The state is four outputs of SplitMix64, as the authors advise.
static inline void pylon_xoshiro_seed(pylon_xoshiro *state, uint64_t seed) {
  for (int i = 0; i < 4; i++) {
    uint64_t z = (seed += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    state->word[i] = z ^ (z >> 31);
  }
}

// 53 bits in [0, 1).
static inline double pylon_xoshiro_uniform(pylon_xoshiro *state) {
  return (double)(pylon_xoshiro_next(state) >> 11) * 0x1p-53;
}

static void pylon_xoshiro_set(void *state, unsigned long seed) { pylon_xoshiro_seed((pylon_xoshiro *)state, seed); }
static unsigned long pylon_xoshiro_get(void *state) { return pylon_xoshiro_next((pylon_xoshiro *)state); }
static double pylon_xoshiro_get_double(void *state) { return pylon_xoshiro_uniform((pylon_xoshiro *)state); }

static inline gsl_rng *pylon_xoshiro_alloc(void) {
  static const gsl_rng_type type = {"xoshiro256++",       UINT64_MAX,        0, sizeof(pylon_xoshiro),
                                    pylon_xoshiro_set, pylon_xoshiro_get, pylon_xoshiro_get_double};
  return gsl_rng_alloc(&type);
}

_Static_assert(sizeof(unsigned long) == 8, "xoshiro256++ hands GSL 64 bits at a time");

#endif
