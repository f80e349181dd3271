// The functions of libcurl that Foundation's URLSession calls, looked up when the first of them is called.
//
// A statically linked program would otherwise need libcurl.so.4 to start, on machines where nothing is ever fetched.
// With this in place of libcurl only `pylon trace fetch` needs it.
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>

#define FUNCTIONS(X) \
  X(easy_cleanup) X(easy_getinfo) X(easy_init) X(easy_pause) X(easy_setopt) X(easy_strerror) X(free) X(global_init) \
  X(multi_add_handle) X(multi_assign) X(multi_cleanup) X(multi_info_read) X(multi_init) X(multi_remove_handle) \
  X(multi_setopt) X(multi_socket_action) X(slist_append) X(slist_free_all) X(url) X(url_get) X(url_set) X(version) \
  X(version_info)

// Addresses, filled at first use; the stubs below jump to them.
#define ADDRESS(name) __attribute__((visibility("hidden"))) void *pylon_curl_##name;
FUNCTIONS(ADDRESS)

__attribute__((used, visibility("hidden"))) void pylon_load_curl(void) {
  static const struct {
    const char *name;
    void **address;
  } functions[] = {
#define ENTRY(name) {"curl_" #name, &pylon_curl_##name},
      FUNCTIONS(ENTRY)};
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  for (size_t at = 0; at < sizeof functions / sizeof *functions; at++) {
    void *function = library == NULL ? NULL : dlsym(library, functions[at].name);
    if (function == NULL) {
      fprintf(stderr,
              "pylon: found no libcurl.so.4 with %s, expected it to fetch traces; install libcurl "
              "(Debian, Ubuntu: apt-get install libcurl4; Fedora: dnf install libcurl)\n",
              functions[at].name);
      _exit(3);
    }
    *functions[at].address = function;
  }
}

// Each stub jumps to its function with the arguments as they are, so that it does not matter which they are.
#if defined(__x86_64__)
// The registers that may hold arguments, and a multiple of 16 bytes for the call.
__asm__(
    ".text\n.type pylon_curl_load, @function\npylon_curl_load:\n"
    "push %rdi\npush %rsi\npush %rdx\npush %rcx\npush %r8\npush %r9\npush %rax\nsub $8, %rsp\n"
    "call pylon_load_curl\n"
    "add $8, %rsp\npop %rax\npop %r9\npop %r8\npop %rcx\npop %rdx\npop %rsi\npop %rdi\nret\n");
#define STUB(name) \
  __asm__( \
      ".text\n.globl curl_" #name "\n.type curl_" #name ", @function\ncurl_" #name ":\n" \
      "mov pylon_curl_" #name "(%rip), %r11\ntest %r11, %r11\njne 1f\ncall pylon_curl_load\n" \
      "mov pylon_curl_" #name "(%rip), %r11\n1: jmp *%r11\n");
#elif defined(__aarch64__)
__asm__(
    ".text\n.type pylon_curl_load, %function\npylon_curl_load:\n"
    "stp x29, x30, [sp, #-80]!\nstp x0, x1, [sp, #16]\nstp x2, x3, [sp, #32]\nstp x4, x5, [sp, #48]\n"
    "stp x6, x7, [sp, #64]\n"
    "bl pylon_load_curl\n"
    "ldp x0, x1, [sp, #16]\nldp x2, x3, [sp, #32]\nldp x4, x5, [sp, #48]\nldp x6, x7, [sp, #64]\n"
    "ldp x29, x30, [sp], #80\nret\n");
#define STUB(name) \
  __asm__( \
      ".text\n.globl curl_" #name "\n.type curl_" #name ", %function\ncurl_" #name ":\n" \
      "adrp x16, pylon_curl_" #name "\nldr x17, [x16, #:lo12:pylon_curl_" #name "]\ncbnz x17, 1f\n" \
      "str x30, [sp, #-16]!\nbl pylon_curl_load\nldr x30, [sp], #16\n" \
      "adrp x16, pylon_curl_" #name "\nldr x17, [x16, #:lo12:pylon_curl_" #name "]\n1: br x17\n");
#else
#error "the stubs are written for x86_64 and aarch64"
#endif
FUNCTIONS(STUB)
