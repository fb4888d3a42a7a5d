#!/bin/bash
# badcerts.sh - upstreams that nobody should believe, and a few that one should.
#
#   spec/support/badcerts.sh DIR [HOST]
#
# Makes certificates for HOST (host.test) below DIR with the openssl command
# line, and writes DIR/cases, one line each:
#
#   NAME <tab> EXPECTED <tab> arguments of openssl s_server
#
# EXPECTED is ok, or a word of core/tls/reason.c; "a|b" leaves a choice. Trust
# DIR/root.crt and check DIR/root.crl, and every server must be met as expected.
set -eu
dir=$1
host=${2:-host.test}
mkdir -p "$dir"
cd "$dir"
rm -f ./*
: >index
: >cases
exec 2>log

cat >conf <<CONF
[ca]
default_ca = us
[us]
database = index
new_certs_dir = .
default_md = sha256
default_days = 30
unique_subject = no
email_in_dn = no
policy = any
crlnumber = crlnumber
serial = serial
default_crl_days = 30
[any]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
prompt = no
[dn]
CONF
echo 01 >crlnumber
echo 01 >serial

CA="basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash"
SERVER="keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth"
NAMED="$SERVER
subjectAltName=DNS:$host"
EC="EC -pkeyopt ec_paramgen_curve:P-256"
NOW=$(date -u +%s)
at() { date -u -d "@$((NOW + $1))" +%Y%m%d%H%M%SZ; }

# key NAME ALGORITHM...: made once.
key() {
	local name=$1
	shift
	[ -e "$name.key" ] || openssl genpkey -algorithm "$@" -out "$name.key"
}

# root NAME SUBJECT: signs itself.
root() {
	key "$1" $EC
	openssl req -new -key "$1.key" -subj "$2" -config conf -out "$1.csr"
	echo "$CA" >"$1.ext"
	openssl ca -batch -config conf -selfsign -keyfile "$1.key" -in "$1.csr" \
		-extfile "$1.ext" -startdate "$(at -86400)" \
		-enddate "$(at 8640000)" -rand_serial -out "$1.crt" -notext
}

# sign NAME ISSUER SUBJECT EXTENSIONS [option of openssl ca]...
sign() {
	local name=$1 issuer=$2 subject=$3 ext=$4
	shift 4
	key "$name" $EC
	openssl req -new -key "$name.key" -subj "$subject" -config conf \
		-out "$name.csr"
	echo "$ext" >"$name.ext"
	local dates="-startdate $(at -3600) -enddate $(at 864000)"
	case "$*" in *-startdate*) dates= ;; esac
	openssl ca -batch -config conf -cert "$issuer.crt" -keyfile "$issuer.key" \
		-in "$name.csr" -extfile "$name.ext" $dates -rand_serial -notext \
		-out "$name.crt" "$@"
}

# serve NAME EXPECTED CHAIN [argument of s_server]...: CHAIN "" sends the leaf
# alone.
serve() {
	local name=$1 expected=$2 chain=$3
	shift 3
	local args="-cert $dir/$name.crt -key $dir/$name.key"
	[ -z "$chain" ] || args="$args -cert_chain $dir/$chain.crt"
	printf '%s\t%s\t%s\n' "$name" "$expected" "$args $*" >>cases
}

# again NAME OF: another case with the certificate of OF.
again() {
	cp "$2.crt" "$1.crt"
	cp "$2.key" "$1.key"
}

# leaf NAME EXPECTED EXTENSIONS [option]...: under the intermediate. The server
# itself must not mind.
leaf() {
	local name=$1 expected=$2 ext=$3
	shift 3
	sign "$name" inter "/CN=$host" "$ext" "$@"
	serve "$name" "$expected" inter -cipher DEFAULT@SECLEVEL=0
}

root root "/CN=Root"
root strange "/CN=Strange Root"
root superfish "/O=Superfish, Inc./CN=Superfish, Inc."
sign inter root "/CN=Intermediate" "$CA"
sign bound root "/CN=Bound Intermediate" "$CA
nameConstraints=critical,permitted;DNS:other.test"
sign short root "/CN=Short Intermediate" \
	"${CA/CA:TRUE/CA:TRUE,pathlen:0}"
sign below short "/CN=Below Short" "$CA"

# --- names, dates, chains ---------------------------------------------------
leaf good ok "$NAMED"
leaf expired expired "$NAMED" -startdate "$(at -864000)" -enddate "$(at -86400)"
leaf not-yet not_yet_valid "$NAMED" -startdate "$(at 86400)" -enddate "$(at 864000)"
leaf wrong-host wrong_host "$SERVER
subjectAltName=DNS:wrong.test"
leaf address-only wrong_host "$SERVER
subjectAltName=IP:127.0.0.1"
leaf two-labels wrong_host "$SERVER
subjectAltName=DNS:*.a.$host"
leaf subject-only wrong_host "$SERVER"
leaf wrong-purpose wrong_purpose "keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
subjectAltName=DNS:$host"
root self-signed "/CN=$host"
key self-signed-leaf $EC
openssl req -x509 -new -key self-signed-leaf.key -subj "/CN=$host" -config conf \
	-addext "subjectAltName=DNS:$host" -days 10 -out self-signed-leaf.crt
serve self-signed-leaf self_signed ""
sign untrusted-root strange "/CN=$host" "$NAMED"
serve untrusted-root untrusted_root strange
sign known-bad-root superfish "/CN=$host" "$NAMED"
serve known-bad-root untrusted_root superfish
sign incomplete inter "/CN=$host" "$NAMED"
serve incomplete incomplete_chain ""
sign constraints bound "/CN=$host" "$NAMED"
serve constraints name_constraints bound
sign too-deep below "/CN=$host" "$NAMED"
cat below.crt short.crt >below-chain.crt
serve too-deep issuer_not_a_ca below-chain
sign not-a-ca-issuer inter "/CN=Not a CA" "$NAMED
subjectKeyIdentifier=hash"
sign not-a-ca not-a-ca-issuer "/CN=$host" "$NAMED"
cat not-a-ca-issuer.crt inter.crt >not-a-ca-chain.crt
serve not-a-ca issuer_not_a_ca not-a-ca-chain
leaf revoked revoked "$NAMED"
openssl ca -batch -config conf -cert inter.crt -keyfile inter.key \
	-revoke revoked.crt
openssl ca -batch -config conf -cert inter.crt -keyfile inter.key -gencrl \
	-out root.crl

# --- weak keys and signatures -------------------------------------------------
key rsa-1024 RSA -pkeyopt rsa_keygen_bits:1024
leaf rsa-1024 weak_key "$NAMED"
key rsa-512 RSA -pkeyopt rsa_keygen_bits:512
leaf rsa-512 "weak_key|other|weak_ciphers" "$NAMED"
leaf sha1 weak_hash "$NAMED" -md sha1
key rsa-2048 RSA -pkeyopt rsa_keygen_bits:2048
leaf rsa-2048 ok "$NAMED"
again tampered good
openssl x509 -in good.crt -outform der -out tampered.der
size=$(stat -c %s tampered.der)
printf '\000\000\000\000' |
	dd of=tampered.der bs=1 seek=$((size - 4)) conv=notrunc
openssl x509 -inform der -in tampered.der -out tampered.crt
serve tampered "broken_certificate|other" inter

# --- shapes --------------------------------------------------------------------
sign no-subject inter "/" "$SERVER
subjectAltName=critical,DNS:$host"
serve no-subject ok inter
sign no-cn inter "/O=Nameless" "$NAMED"
serve no-cn ok inter
names() { printf ',DNS:%d.subdomain.test' $(seq "$1"); }
leaf 1000-names ok "$SERVER
subjectAltName=DNS:$host$(names 1000)"
leaf 10000-names too_large "$SERVER
subjectAltName=DNS:$host$(names 10000)"

# --- old protocols and suites ---------------------------------------------------
old() {
	again "$1" rsa-2048
	serve "$1" "$2" inter "${@:3}"
}
openssl dhparam -dsaparam -out dh1024.pem 1024
openssl dhparam -dsaparam -out dh512.pem 512
old tls-1.0 old_protocol -tls1 -cipher ALL@SECLEVEL=0
old tls-1.1 old_protocol -tls1_1 -cipher ALL@SECLEVEL=0
old static-rsa weak_ciphers -tls1_2 -cipher AES128-GCM-SHA256@SECLEVEL=0
old cbc weak_ciphers -tls1_2 -cipher ECDHE-RSA-AES128-SHA@SECLEVEL=0
old null weak_ciphers -tls1_2 -cipher NULL-SHA256:@SECLEVEL=0
old anonymous weak_ciphers -tls1_2 -cipher aNULL@SECLEVEL=0 -nocert
old dh-1024 "weak_key|weak_ciphers" -tls1_2 -dhparam "$dir/dh1024.pem" \
	-cipher DHE-RSA-AES128-GCM-SHA256@SECLEVEL=0
old dh-512 "weak_key|weak_ciphers" -tls1_2 -dhparam "$dir/dh512.pem" \
	-cipher DHE-RSA-AES128-GCM-SHA256@SECLEVEL=0
old wants-client-1.2 wants_client_certificate -tls1_2 -Verify 1 \
	-verify_return_error
old wants-client-1.3 "wants_client_certificate|closed" -tls1_3 -Verify 1 \
	-verify_return_error
old tls-1.2 ok -tls1_2
old tls-1.3 ok -tls1_3
