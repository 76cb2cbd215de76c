# shellcheck shell=bash disable=SC2034
# setup.sh: what ./run, ./check and tools/dev share: the packages and the build. Sourced, not run.
#
# Installs by apt only what is missing; when nothing is, apt is not called at all. Works as root and as
# a user with sudo, on a fresh Debian 12.

root_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$root_dir/build

packages_to_build=(
    gcc libc6-dev meson ninja-build pkgconf python3
    libglib2.0-dev libpq-dev libjansson-dev libcurl4-openssl-dev libcunit1-dev libcsv-dev libssl-dev
    libmicrohttpd-dev libgnutls28-dev libsodium-dev libfido2-dev libcjose-dev libseccomp-dev unixodbc-dev
    libzip-dev libexpat1-dev libxlsxwriter-dev libcairo2-dev libpango1.0-dev gettext
    fonts-dejavu-core fonts-noto-cjk
    postgresql-15
)
packages_to_check=(
    clang-format poppler-utils libreoffice-calc-nogui libxml2-utils openssl openssh-server chromium curl
    hledger hledger-web libsqliteodbc odbc-postgresql
)

# The workplace in the browser (web/) is built by these; a node from elsewhere will do as well.
packages_for_web=(nodejs npm)

say() {
    printf '==> %s\n' "$*"
}

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

# The package would make and start a cluster of its own, with a port, that nobody asked for. A file that
# somebody wrote, or a PostgreSQL that is there already, is left alone.
keep_postgresql_from_starting() {
    local settings=/etc/postgresql-common/createcluster.conf
    if [[ ! -e $settings ]] && ! is_installed postgresql-common; then
        as_root mkdir -p "$(dirname "$settings")"
        printf 'create_main_cluster = false\n' | as_root tee "$settings" >/dev/null
    fi
}

# The package would start a server on port 22 and at every boot; the tests want the program alone, on a port of
# their own. A server that is there already is not ours and stays as it is.
keep_sshd_from_starting() {
    local mark=/etc/ssh/sshd_not_to_be_run # Debian's own word for it: ssh.service and /etc/init.d/ssh look for it
    if [[ ! -e $mark ]] && ! is_installed openssh-server; then
        as_root mkdir -p "$(dirname "$mark")"
        printf 'openssh-server was installed for the tests of fisc; to run a server, remove this file\n' |
            as_root tee "$mark" >/dev/null
    fi
}

# install_packages PACKAGE...
install_packages() {
    local missing=() package
    command -v dpkg-query >/dev/null ||
        fail "this is not Debian: install what $root_dir/tools/setup.sh lists, by hand"
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        fail "these packages are missing, and there is no sudo to install them: ${missing[*]}"
    fi
    say "installing ${missing[*]}"
    local log
    log=$(mktemp)
    keep_postgresql_from_starting
    [[ " ${missing[*]} " != *" openssh-server "* ]] || keep_sshd_from_starting
    # An answer that a package already kept (its configuration files) is never overwritten.
    if ! { as_root timeout 600 apt-get update &&
        as_root timeout 1800 env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
            -o Dpkg::Options::=--force-confold "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
        tail -n 40 "$log" >&2
        rm -f "$log"
        fail "apt could not install: ${missing[*]}"
    fi
    rm -f "$log"
}

install_node() {
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        install_packages "${packages_for_web[@]}"
    fi
}

# must FOLDER WHAT COMMAND...: runs a step of the build, quietly unless it fails. Bounded in time.
must() {
    local folder=$1 what=$2
    shift 2
    if ! timeout --kill-after=10 1800 "$@" >"$folder/build.log" 2>&1 </dev/null; then
        { grep -v '^\[[0-9]' "$folder/build.log" || true; } | tail -n 60 >&2
        fail "could not $what $folder; all of it is in $folder/build.log"
    fi
}

# has_new_sources FOLDER: some lists of files are made when meson configures. The date of a source folder
# tells of a file that came or went since then.
has_new_sources() {
    [[ -n $(find "$root_dir/sql" -type d -newer "$1/build.ninja" -print -quit) ]]
}

# build FOLDER [MESON_OPTION...]: configures once, then builds what changed; warnings are fatal.
build() {
    local folder=$1
    shift
    mkdir -p "$folder"
    if [[ ! -f $folder/build.ninja ]]; then
        say "configuring $(basename "$folder")/"
        must "$folder" configure meson setup "$folder" "$root_dir" "$@"
    elif has_new_sources "$folder"; then
        must "$folder" configure meson setup --reconfigure "$folder" "$root_dir"
    fi
    say "building $(basename "$folder")/"
    must "$folder" build ninja -C "$folder"
    # The program has one name for everybody, wherever meson puts it.
    if [[ -f $folder/app/cli/fisc ]]; then
        ln -sfn app/cli/fisc "$folder/fisc"
    fi
}
