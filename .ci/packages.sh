# Sourced by ./test and ./benchmark: the programs of other people that they run.

# Debian puts servers where only root's PATH looks.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# need_packages COMMAND:PACKAGE...
# Installs the package of every command that is missing; with none missing it does nothing and needs no root.
need_packages() {
  local pair missing=()
  for pair; do
    command -v "${pair%%:*}" >/dev/null || [[ " ${missing[*]} " == *" ${pair#*:} "* ]] || missing+=("${pair#*:}")
  done
  ((${#missing[@]} == 0)) && return

  if ! command -v apt-get >/dev/null; then
    echo "Missing, and there is no apt-get to install them with: ${missing[*]}" >&2
    return 1
  fi
  local as_root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
      echo "Missing, and neither root nor sudo to install them: apt-get install ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi

  echo "Installing with apt-get: ${missing[*]}"
  _install_without_starting "${missing[@]}" || return
  for pair; do
    if ! command -v "${pair%%:*}" >/dev/null; then
      echo "Installed ${pair#*:}, and still there is no ${pair%%:*}" >&2
      return 1
    fi
  done
}

# Debian starts a server as soon as it is installed, and at every boot from then on. Ours are started by tests, on
# ports of their own: policy-rc.d (101 = "not allowed") keeps the first from happening, systemctl the second.
_install_without_starting() (
  apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }

  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap '"${as_root[@]}" rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  apt update && apt install -y --no-install-recommends "$@" || exit
  if [[ -d /run/systemd/system ]]; then
    for package; do # haproxy has haproxy.service, etcd-server has etcd.service
      "${as_root[@]}" systemctl disable --quiet "${package%%-*}.service" 2>/dev/null || true
    done
  fi
)
