#!/usr/bin/env bash
# Makes a release of Pylon for this Linux machine's processor, in dist/:
#
#   pylon-linux-<arch>.tar.gz   the program with its man pages, completions, licence and a scenario
#   pylon_<version>_<arch>.deb  the same as a Debian package
#   SHA256SUMS                  checksums of both
#
# The program is stripped and has Swift, GSL, SQLite, zlib and libstdc++ within it: it needs glibc 2.36 or later (Debian 12, Ubuntu
# 23.04, Fedora 37) and nothing else. Only `pylon trace fetch` needs libcurl.so.4, which is looked up when it runs.
#
# Wanted: Swift 6.2, clang, binutils, libgsl-dev, libsqlite3-dev, zlib1g-dev, and dpkg-deb for the package.
set -euo pipefail
cd "$(dirname "$0")/.."

build=.build-release
dist=dist
static=$PWD/$build/static
[ "$(uname -s)" = Linux ] || { echo "release.sh: found $(uname -s), expected Linux" >&2; exit 2; }

# Builds the program.
build() {
  # A folder with static libraries alone, searched first: the linker takes what it finds there. `-lcurl` becomes stubs
  # that load libcurl at the first call; what Foundation names of libxml2 is never called, and would end the program.
  rm -rf "$static"
  mkdir -p "$static/pkgconfig"
  for library in gsl gslcblas sqlite3 z stdc++; do
    archive=$(clang++ -print-file-name=lib$library.a)
    [ -f "$archive" ] || { echo "release.sh: found no lib$library.a, expected it for a static program" >&2; exit 2; }
    ln -s "$(readlink -f "$archive")" "$static/lib$library.a"
  done
  clang -O2 -Wall -Wextra -fPIC -c .github/release/curl-on-demand.c -o "$static/curl-on-demand.o"
  ar rcs "$static/libcurl.a" "$static/curl-on-demand.o"
  foundation=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")/lib/swift_static/linux
  nm -u "$foundation/lib_CFXMLInterface.a" 2> /dev/null | sed -n 's/^ *U \(_*\(xml\|html\).*\)$/\1/p' | sort -u |
    sed 's/.*/.globl &\n&:/; $a\.long 0xffffffff, 0xffffffff' > "$static/no-xml.s"
  clang -c "$static/no-xml.s" -o "$static/no-xml.o"
  ar rcs "$static/libxml2.a" "$static/no-xml.o"

  # SwiftPM puts the folders of pkg-config before all others: these are ours.
  description() {
    printf 'Name: %s\nDescription: %s\nVersion: 0\nLibs: -L%s %s\n' "$1" "$1" "$static" "$2" > "$static/pkgconfig/$1.pc"
  }
  description gsl "-lgsl -lgslcblas -lm"
  description zlib -lz
  description sqlite3 -lsqlite3
  export PKG_CONFIG_PATH=$static/pkgconfig

  # PYLON_SWIFT may wrap the compiler, to queue for a machine that is shared.
  ${PYLON_SWIFT:-swift} build -c release --product pylon --static-swift-stdlib --scratch-path $build \
    -Xlinker -L"$static" -Xlinker -lcurl
}

# PYLON_BINARY is a program that was built so before, to be packed again.
binary=${PYLON_BINARY:-$build/release/pylon}
[ -n "${PYLON_BINARY:-}" ] || build

version=$("$binary" --version)
case $(uname -m) in
  x86_64) arch=x86_64 debian=amd64 ;;
  aarch64) arch=aarch64 debian=arm64 ;;
  *) echo "release.sh: found $(uname -m), expected x86_64 or aarch64" >&2; exit 2 ;;
esac

# Files carry the time of the commit, so that the same commit gives the same archives.
time=$(git log -1 --format=%ct 2>/dev/null || echo 0)
rm -rf $dist
tree=$dist/tree/pylon
mkdir -p $tree/bin $tree/share/man/man1 $tree/share/bash-completion/completions $tree/share/zsh/vendor-completions \
  $tree/share/fish/vendor_completions.d $tree/share/doc/pylon/examples
strip --strip-all -o $tree/bin/pylon "$binary"
pylon=$tree/bin/pylon
$pylon man $dist/man > /dev/null
for page in $dist/man/*.1; do gzip -9n < "$page" > "$tree/share/man/man1/$(basename "$page").gz"; done
rm -r $dist/man
$pylon completions bash > $tree/share/bash-completion/completions/pylon
$pylon completions zsh > $tree/share/zsh/vendor-completions/_pylon
$pylon completions fish > $tree/share/fish/vendor_completions.d/pylon.fish
for file in LICENSE NOTICE CHANGELOG.md README.md; do
  if [ -f $file ]; then cp $file $tree/share/doc/pylon/; fi
done
$pylon init $tree/share/doc/pylon/examples > /dev/null

# What the program needs of the system, by its own word.
needs=$(objdump -p $pylon | sed -n 's/^ *NEEDED *//p' | tr '\n' ' ')
for library in $needs; do
  case $library in
    libc.so.6 | libm.so.6 | libgcc_s.so.1 | libdl.so.2 | libpthread.so.0 | librt.so.1 | ld-linux*) ;;
    *) echo "release.sh: the program needs $library, expected libraries of glibc and GCC alone" >&2; exit 1 ;;
  esac
done

find $dist/tree -exec touch -h -d "@$time" {} +
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$time" -C $dist/tree -cf - pylon | gzip -9n \
  > $dist/pylon-linux-$arch.tar.gz

if command -v dpkg-deb > /dev/null; then
  package=$dist/tree/deb
  mkdir -p $package/DEBIAN $package/usr
  cp -a $tree/. $package/usr/
  cat > $package/DEBIAN/control <<CONTROL
Package: pylon
Version: $version
Architecture: $debian
Maintainer: The Pylon contributors <pylon@example.invalid>
Section: science
Priority: optional
Installed-Size: $(du -sk $package/usr | cut -f1)
Depends: libc6 (>= 2.36), libgcc-s1, tzdata
Recommends: libcurl4, ca-certificates
Description: simulator of carbon-aware scheduling
 Pylon runs scheduling policies on the same jobs and carbon intensities and
 reports what each would have emitted, cost and delayed.
CONTROL
  find $package -exec touch -h -d "@$time" {} +
  SOURCE_DATE_EPOCH=$time dpkg-deb --root-owner-group --build $package $dist/pylon_${version}_$debian.deb > /dev/null
fi
rm -rf $dist/tree
(cd $dist && sha256sum pylon* > SHA256SUMS)

# Size and start time.
tar xzf $dist/pylon-linux-$arch.tar.gz -C $dist
bytes=$(stat -c %s $dist/pylon/bin/pylon)
begin=$(date +%s%N)
for _ in 1 2 3 4 5 6 7 8 9 10; do $dist/pylon/bin/pylon --version > /dev/null; done
end=$(date +%s%N)
rm -r $dist/pylon
echo "pylon $version: $((bytes / 1000000)) MB, starts in $(((end - begin) / 10000000)) ms, needs $needs"
ls -l $dist | sed -n 's/^.* \([0-9]*\) [A-Z][a-z]* .* \(pylon.*\)$/\2: \1 bytes/p'
cat $dist/SHA256SUMS
