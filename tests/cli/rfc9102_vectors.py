# SPDX-License-Identifier: Apache-2.0
"""The examples of RFC 9102, appendix A: data of the RFC. A.1's `extension_data` is its hex dump, byte for byte; the others stand
there as records only, and get their wire form here. (The signatures of A.1's records differ from those in its dump: they
were made twice. Both verify.)"""

import base64
import calendar
import time

VALID = 1600000000  # between the inception and the expiration of every signature
EXPIRED = 1606867201  # 2020-12-02T00:00:01Z
NOT_YET = 1543363199  # 2018-11-27T23:59:59Z
ANCHOR = '. IN DS 47005 13 2 2eb6e9f2480126691594d649a5a613de3052e37861634641bb568746f2ffc4d4'

_SIGNED = '20201202000000 20181128000000'
_TLSA = '3 1 1 8bd1da95272f7fa4ffb24137fc0ed03aae67e5c4d8b3c50734e1050a7920b922'
_BLOCKS = {
    'root': """
. 86400 DNSKEY 256 3 13 zKz+DCWkNA/vuheiVPcGqsH40U84KZAlrMRIyozj9WHzf8PsFp/oR8j8vmjjWP98cbte4d8NvlGLxzbUzo3+FA==
. 86400 DNSKEY 256 3 13 8wMZZ4lzHdyKZ4fv8kys/t3QMlgvEadbsbyqWrMhwddSXCZYGRrsAbPpireRWxbVcd1VtOrlFBcRDMTN0R0XEQ==
. 86400 DNSKEY 257 3 13 yvX+VNTUjxZiGvtr060hVbrPV9H6rVusQtF9lIxCFzbZOJxMQBFmbqlc8XclvQ+gDOXnFOTsgs/frMmxyGOtRg==
. 86400 RRSIG DNSKEY 13 0 86400 47005 . 0EPW1ca+N/ZhZPKla77STG734cTeIOjUwq7eW0HsnOfudWmnCEVeco2wLLq9mnBT1dtNjIczvLG9pQTnOKUsHQ==
""",
    'com': """
com. 172800 DNSKEY 256 3 13 7IIE5Dol8jSMUqHTvOOiZapdEbQ9wqRxFi/zQcSdufUKLhpByvLpzSAQTqCWj3URIZ8L3Fa2gBLMOZUzZ1GQCw==
com. 172800 DNSKEY 257 3 13 RbkcO+96XZmnp8jYIuM4lryAp3egQjSmBaSoiA7H76Tm0RLHPNPUxlVk+nQ0fIc3I8xfZDNw8Wa0Pe3/g2QA/w==
com. 172800 DNSKEY 257 3 13 szc7biLo5J4OHlkan1vZrF4aD4YYf+NHA/GAqdNslY9xxK9Izg68XHkqck4RtDiVk37lNAQmgSlHbrGu0yOTkA==
com. 172800 RRSIG DNSKEY 13 1 172800 18931 com. LJ4p5ORS2ViILwTotSlWixElqRXHY5tOdIuHlPWTdBGPMq3y40QNr1V+ZOyA57LFdPKpcvb8BvhM+GqKWGBEsg==
com. 172800 RRSIG DNSKEY 13 1 172800 28809 com. sO+4X2N21yS6x8+dBVBzbRo9+55MM8n7+RUvdBuxRFVh6JaBlqDOC5LLkl7EvmDXqz6KEhhQjT+aQWDt6WFHlA==
com. 86400 DS 18931 13 2 20f7a9db42d0e2042fbbb9f9ea015941202f9eabb94487e658c188e7bcb52115
com. 86400 DS 28809 13 2 ad66b3276f796223aa45eda773e92c6d98e70643bbde681db342a9e5cf2bb380
com. 86400 RRSIG DS 13 1 86400 31918 . nDiDlBjXEE/6AudhC++Hui1ckPcuAnGbjEASNoxA3ZHjlXRzL050UzePko5PbvBKTf6pk8JRCqnfzlo2QY+WXA==
""",
    'example.com': """
example.com. 3600 DNSKEY 257 3 13 JnA1XgyJTZz+psWvbrfUWLV6ULqIJyUS2CQdhUH9VK35bslWeJpRzrlxCUs7s/TsSfZMaGWVvlsuieh5nHcXzA==
example.com. 3600 RRSIG DNSKEY 13 2 3600 1870 example.com. nYisnu/26Sw1qmGuREa9o/fLgYuA4oNPt4+6PMBZoN0MS8Gjtli9NVRYeSIztQHPGSpvRxTUC4tZi62z1UgGDw==
example.com. 172800 DS 1870 13 2 e9b533a049798e900b5c29c90cd25a986e8a44f319ac3cd302bafc08f5b81e16
example.com. 172800 RRSIG DS 13 2 172800 34327 com. sEAKvX4H6pJfN8nKcclB1NRcRSPOztx8omr4fCSHu6lp+uESP/Le4iF2sKukOJ1hhWSB6jgubEVl17rGNOA/YQ==
""",
    'org': """
org. 86400 DNSKEY 256 3 13 fuLp60znhSSEr9HowILpTpyLKQdM6ixcgkTE0gqVdsLx+DSNHSc69o6fLWC0eHfWx7kzlBBoJB0vLrvsJtXJ6g==
org. 86400 DNSKEY 256 3 13 zTHbb7JM627Bjr8CGOySUarsic91xZU3vvLJ5RjVix9YH6+iwpBXb6qfHyQHymlMiAAoaoXh7BUkEBVgDVN8sQ==
org. 86400 DNSKEY 257 3 13 Uf24EyNt51DMcLV+dHPInhSpmjPnqAQNUTouU+SGLu+lFRRlBetgw1bJUZNI6Dlger0VJTm0QuX/JVXcyGVGoQ==
org. 86400 DNSKEY 257 3 13 0SZfoe8Yx+eoaGgyAGEeJax/ZBV1AuG+/smcOgRm+F6doNlgc3lddcM1MbTvJHTjK6Fvy8W6yZ+cAptn8sQheg==
org. 86400 RRSIG DNSKEY 13 1 86400 12651 org. Gq9wf+z3pasXXUwE210jYc0LhJnMAhcwXydnvkHtCVY6/0jUafHO4RksN84Ztus0pUgWngbT/OWXskdMYXZU4A==
org. 86400 RRSIG DNSKEY 13 1 86400 49352 org. VGEkEMWBJ2IbOpm2Z56Qxu2NGPcVUDWCbYRyk+Qk1+HzGtyd2qPEKkpgMs/0pvZEMj1YXD+dIqb2nUK9PGBAXw==
org. 86400 DS 12651 13 2 3979a51f98bbf219fcaf4a4176e766dfa8f9db5c24a75743eb1e704b97a9fabc
org. 86400 DS 49352 13 2 03d11a1aa114abbb8f708c3c0ff0db765fef4a2f18920db5f58710dd767c293b
org. 86400 RRSIG DS 13 1 86400 31918 . adiFuP2UIulQw5Edsb/7WSPqr5nkRSTVXbZ2tkBeZRQcMjdCD3pyonWO5JPRVEemgaE357S4pX5D0tVZzeZJ6A==
""",
    'example.org': """
example.org. 3600 DNSKEY 256 3 13 NrbL6utGqIW1wrhhjeexdA6bMdD1lC1hj0Fnpevaa1AMyY2uy83TmoGnR996NUR5TlG4Zh+YPbbmUIixe4nS3w==
example.org. 3600 DNSKEY 257 3 13 uspaqp17jsMTX6AWVgmbog/3Sttz+9ANFUWLn6qKUHr0BOqRuChQWj8jyYUUrWy9txxesNQ9MkO4LUrFght1LQ==
example.org. 3600 RRSIG DNSKEY 13 2 3600 44384 example.org. ttse9pYp9PSu0pJ+TOpIVFLWJ6NKOMWZX4Q/SlU6ZfaiKQc0Bg7Tut9+wPunk6OPPvyHjVXMAsvk0tqV0B+/ag==
example.org. 86400 DS 44384 13 2 ec307e2efc8f0117ed96ab48a513c8003e1d9121f1ff11a08b4cdd348d090aa6
example.org. 86400 RRSIG DS 13 2 86400 9523 org. m86Xz0CEa2sWG40a0bS2kqLKPmIlyiVyDeoWXAq3djeGiPaikLuKORNzWXu62clpAfvZHx59Ackst4X+zXYpUA==
""",
    'net': """
net. 172800 DNSKEY 256 3 13 061EoQs4sBcDsPiz17vt4nFSGLmXAGguqLStOesmKNCimi4/lw/vtyfqALuLFJiFjtCK3HMPi8HQ1jbGEwbGCA==
net. 172800 DNSKEY 257 3 13 LkNCPE+v3S4MVnsOqZFhn8n2NSwtLYOZLZjjgVsAKgu4XZncaDgq1R/7ZXRO5oVx2zthxuu2i+mGbRrycAaCvA==
net. 172800 RRSIG DNSKEY 13 1 172800 485 net. 031jXg06zSuDwI5zqYuYFJg1O5p+zy85csMXagvRxB9W2lL/wJRi6Gn9BcaCVRnDId5WR+yCADhsbKfSrrd9vQ==
net. 86400 DS 485 13 2 ab25a2941aa7f1eb8688bb783b25587515a0cd8c247769b23adb13ca234d1c05
net. 86400 RRSIG DS 13 1 86400 31918 . vOXoTjxggGTYKIwssQ3kpML0ag6D0Hcm+Syy7++4zT7gaFHfRH9a6uZekIWdboss8y7q4onW4rxKdtw2S28hwQ==
""",
    'example.net': """
example.net. 3600 DNSKEY 257 3 13 X9GHpJcS7bqKVEsLiVAbddHUHTZqqBbVa3mzIQmdp+5cTJk7qDazwH68Kts8d9MvN55HddWgsmeRhgzePz6hMg==
example.net. 3600 RRSIG DNSKEY 13 2 3600 48085 example.net. CkwqgEt1p97oMa3w5LctIjKIuG5XVSapKrfwuHhb5p04fWXRMNsXasG/kd2F/wlmMWiq38gOQaYCLNm+cjQzpQ==
example.net. 172800 DS 48085 13 2 7c1998ce683df60e2fa41460c453f88f463dac8cd5d074277b4a7c04502921be
example.net. 172800 RRSIG DS 13 2 172800 10713 net. w0JxDeiBJZNlpCdxKtRENlqfTpSxcs6Vftscsyfo/hyeTPYcIt4yItDkYsYK+KQ6FYAVE4nisA3vDQoZVL4wow==
""",
    'example': """
example. 432000 DNSKEY 257 3 13 yrkqXSbVwXOoUxCjr/E9yg8XUzbZNlwPllVsoUPd73TLOnBQQ+03Qw4/k+Nme/66WIw+ZTlHYcTNalxiGYm0uQ==
example. 432000 RRSIG DNSKEY 13 1 432000 15903 example. wwEo3ri6JBuCqx5b33w8axFWOhIen1l+/mm0Isyc9FciuLhBiP+IqSgt+Igc89nR8zRpJpo1D6XR/qJxZgnfaA==
example. 86400 DS 15903 13 2 7e0ebaf1cc0d309d4a73ca7d711719dd940f4da87b3d72865167650fc73ea577
example. 86400 RRSIG DS 13 1 86400 31918 . B5vx4zZaS+bOYfz0PzpaPfk9VxxBvYbGjIvGhpUZV3diXzfCguXxN4JIT1Sz8eJX6BYT5QPIrbG/N35U1sIskw==
""",
    'www.example.com': f"""
_443._tcp.www.example.com. 3600 TLSA {_TLSA}
_443._tcp.www.example.com. 3600 RRSIG TLSA 13 5 3600 1870 example.com. rqY69NnTf4CN3GBGQjKEJCLAMsRkUrXe0JW8IqDb5rQHHzxNqqPeEoi+2vI6Sz2BhaswpGLVVuoijuVdzxYjmw==
""",
    'A.2': f"""
_25._tcp.example.com. 3600 TLSA {_TLSA}
_25._tcp.example.com. 3600 RRSIG TLSA 13 3 3600 1870 example.com. BZawXvte5SyF8hnXviKDWqll5E2v+RMXqaSE+NOcAMlZOrSMUkfyPqvkv53K2rfL4DFP8rO3VMgI0v+ogrox0w==
*._tcp.example.com. 3600 NSEC smtp.example.com. RRSIG NSEC TLSA
*._tcp.example.com. 3600 RRSIG NSEC 13 3 3600 1870 example.com. K6u8KrR8ca5bjtbce3w8yjMXr9vw12225lAwyIHpxptY43OMLCUCenwpYW5qdmpFvAacqj4+tSkKiN279SI9pA==
""",
    'A.3': f"""
_25._tcp.example.org. 3600 TLSA {_TLSA}
_25._tcp.example.org. 3600 RRSIG TLSA 13 3 3600 56566 example.org. lNp6th/CJel5WsYlLsLadcQ/YdSTJAIOttzYKnNkNzeZ0jxtDyEP818Q1R4lLcYzJ7vCvqb9gFCiCJjK2gAamw==
dlm7rss9pejqnh0ev6h7k1ikqqcl5mae.example.org. 3600 NSEC3 1 0 1 t6lf7uuoi0qofq0nvdjroavo46pp20im RRSIG TLSA
dlm7rss9pejqnh0ev6h7k1ikqqcl5mae.example.org. 3600 RRSIG NSEC3 13 3 3600 56566 example.org. guUyy9LIZlYb0FZttAdYJGrFNKpKu91Tm+dPOz98rnpwIlwwvLifXIvIl90nEX38cWzEQOpreJu3t4WAfPsxdg==
""",
    'A.4': f"""
_443._tcp.www.example.org. 3600 CNAME dane311.example.org.
_443._tcp.www.example.org. 3600 RRSIG CNAME 13 5 3600 56566 example.org. R0dUe6Rt4G+2ablrQH9Zw8j9NhBLMgNYTI5+H7nO8SNz5Nm8w0NZrXv3Qp7gxQb/a90O696120NsYaZX2+ebBA==
dane311.example.org. 3600 TLSA {_TLSA}
dane311.example.org. 3600 RRSIG TLSA 13 3 3600 56566 example.org. f6TbTZTpu3h6MYpLkKQwWILAkYQ3EUY+Nsoa6any6yt+aeuunMUjw+IJB2QLm0x0PrD7m39JA3NUSkUp9riNNQ==
""",
    'A.5': """
example.net. 3600 DNAME example.com.
example.net. 3600 RRSIG DNAME 13 2 3600 48085 example.net. o3uV5k5Ewp5fdrOZt0n4QuH+/Hpku2Lo3CzGRt9/MS2zZt2Qb/AXz435UFQBxOI/pDnjJcLSd/gBLtqR52WLMA==
""",
    'A.6': """
smtp.example.com. 3600 NSEC www.example.com. A AAAA RRSIG NSEC
smtp.example.com. 3600 RRSIG NSEC 13 3 3600 1870 example.com. rH/K4wghCOm4jpEHwQKiyZzvFIa7qpFySuKIGGetW4SE4O2Mh5jPxcEzf78HfcrlsQZmnAUlfmBNCygxAd7JNw==
""",
    'A.7': """
vkv62jbv85822q8rtmfnbhfnmnat9ve3.example.org. 3600 NSEC3 1 0 1 93u63bg57ppj6649al2n31l92iedkjd6 A AAAA RRSIG
vkv62jbv85822q8rtmfnbhfnmnat9ve3.example.org. 3600 RRSIG NSEC3 13 3 3600 56566 example.org. wn3cePVdc5VPPniYzGp+1CBPOY2m83/A3cjnAb7FTZuwL45B25fwVUyjKQkshgQeV5KgP1cdvPt1BEowKqK4Sw==
dlm7rss9pejqnh0ev6h7k1ikqqcl5mae.example.org. 3600 NSEC3 1 0 1 t6lf7uuoi0qofq0nvdjroavo46pp20im RRSIG TLSA
dlm7rss9pejqnh0ev6h7k1ikqqcl5mae.example.org. 3600 RRSIG NSEC3 13 3 3600 56566 example.org. guUyy9LIZlYb0FZttAdYJGrFNKpKu91Tm+dPOz98rnpwIlwwvLifXIvIl90nEX38cWzEQOpreJu3t4WAfPsxdg==
a73bi8coh6dvf1arqdeuogf95r0828mk.example.org. 3600 NSEC3 1 0 1 c1p0lp7l1l8gdn0jl13pp1o41h35untj CNAME RRSIG
a73bi8coh6dvf1arqdeuogf95r0828mk.example.org. 3600 RRSIG NSEC3 13 3 3600 56566 example.org. ePBUuWdj8Bc+/41gHBm2Bx/IK/j/Q4W7A5uTgSj/0Sd57mP/NTWRZq3p8yBNeFPC2mBJ2oWQFi6/V9dmyiBh2A==
""",
    'A.8': """
c1kgc91hrn9nqi2qjh1ms78ki8p7s75o.example. 43200 NSEC3 1 1 1 shn05itmoa45mmnv74lc4p0nnfmimtjt NS SOA RRSIG DNSKEY NSEC3PARAM
c1kgc91hrn9nqi2qjh1ms78ki8p7s75o.example. 43200 RRSIG NSEC3 13 2 43200 15903 example. pW16gQOLhLpKYgXpGt4XB4o92W/QoPYyG5CjQ+t+g7LBVcCiPQv8ars1j9UOgRpXUsJhZBDax2dfDhK7zOk7ow==
shn05itmoa45mmnv74lc4p0nnfmimtjt.example. 43200 NSEC3 1 1 1 a3ib1dvf1bdtfmd91usrdem5fiiepi6p NS DS RRSIG
shn05itmoa45mmnv74lc4p0nnfmimtjt.example. 43200 RRSIG NSEC3 13 2 43200 15903 example. 5Aq//A8bsWNwcXbT91pMX2Oqf8VpJQRjqH4D2yZElW00wKmt85mhgu2qYPrvHQwGEB4STMz2Nefq01/GY6NHKg==
""",
}
# The question, then the blocks in their order.
_COM = ['example.com', 'com', 'root']
_ORG = ['example.org', 'org', 'root']
VECTORS = {
    'A.1': ('_443._tcp.www.example.com', ['www.example.com', *_COM]),
    'A.2': ('_25._tcp.example.com', ['A.2', *_COM]),
    'A.3': ('_25._tcp.example.org', ['A.3', *_ORG]),
    'A.4': ('_443._tcp.www.example.org', ['A.4', *_ORG]),
    'A.5': ('_443._tcp.www.example.net', ['A.5', 'www.example.com', 'example.net', 'net', 'root', 'example.com', 'com']),
    'A.6': ('_25._tcp.smtp.example.com', ['A.6', *_COM]),
    'A.7': ('_25._tcp.smtp.example.org', ['A.7', *_ORG]),
    'A.8': ('_443._tcp.www.insecure.example', ['A.8', 'example', 'root']),
}
TYPES = {'A': 1, 'NS': 2, 'CNAME': 5, 'SOA': 6, 'AAAA': 28, 'DNAME': 39, 'DS': 43, 'RRSIG': 46, 'NSEC': 47,
         'DNSKEY': 48, 'NSEC3': 50, 'NSEC3PARAM': 51, 'TLSA': 52}


def name(text):
    labels = [label.encode() for label in text.rstrip('.').split('.') if label]
    return b''.join(bytes([len(label)]) + label for label in labels) + b'\0'


def u16(value):
    return value.to_bytes(2, 'big')


def bitmap(words):
    """RFC 4034 section 4.1.2; all types here are in the first window."""
    octets = bytearray(32)
    for word in words:
        octets[TYPES[word] // 8] |= 0x80 >> TYPES[word] % 8
    used = bytes(octets).rstrip(b'\0')
    return bytes([0, len(used)]) + used


def base32hex(text):
    to_standard = str.maketrans('0123456789abcdefghijklmnopqrstuv', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')
    return base64.b32decode(text.translate(to_standard))


def rdata(kind, words):
    if kind in ('CNAME', 'DNAME'):
        return name(words[0])
    if kind == 'TLSA':
        return bytes(map(int, words[:3])) + bytes.fromhex(words[3])
    if kind == 'DS':
        return u16(int(words[0])) + bytes(map(int, words[1:3])) + bytes.fromhex(words[3])
    if kind == 'DNSKEY':
        return u16(int(words[0])) + bytes(map(int, words[1:3])) + base64.b64decode(words[3])
    if kind == 'NSEC':
        return name(words[0]) + bitmap(words[1:])
    if kind == 'NSEC3':
        following = base32hex(words[3])
        return (bytes(map(int, words[:2])) + u16(int(words[2])) + b'\0' + bytes([len(following)]) + following +
                bitmap(words[4:]))
    covered, algorithm, labels, ttl, tag, signer, signature = words
    times = b''.join(calendar.timegm(time.strptime(when, '%Y%m%d%H%M%S')).to_bytes(4, 'big')
                     for when in _SIGNED.split())
    return (u16(TYPES[covered]) + bytes([int(algorithm), int(labels)]) + int(ttl).to_bytes(4, 'big') + times +
            u16(int(tag)) + name(signer) + base64.b64decode(signature))


def record(line):
    owner, ttl, kind, *words = line.split()
    data = rdata(kind, words)
    return name(owner) + u16(TYPES[kind]) + u16(1) + int(ttl).to_bytes(4, 'big') + u16(len(data)) + data


def records(which):
    """The records of a vector, each in wire form."""
    return [record(line) for block in VECTORS[which][1] for line in _BLOCKS[block].strip().splitlines()]


def chain(which):
    return b''.join(records(which))


A1_EXTENSION_DATA = bytes.fromhex("""
    0000045f343433045f74637003777777076578616d706c6503636f6d000034000100000e1000230301018bd1da95272f7fa4ffb24137fc0e
    d03aae67e5c4d8b3c50734e1050a7920b922045f343433045f74637003777777076578616d706c6503636f6d00002e000100000e10005f00
    340d0500000e105fc6d9005bfdda80074e076578616d706c6503636f6d00ce1d3adeb7dc7cee656d61cfb472c5977c8c9caeae9b765155c5
    18fb107b6a1fe0355fbaaf753c192832fa621fa73a8b85ed79d374117387598fcc812e1ef3fb076578616d706c6503636f6d000030000100
    000e1000440101030d2670355e0c894d9cfea6c5af6eb7d458b57a50ba88272512d8241d8541fd54adf96ec956789a51ceb971094b3bb3f4
    ec49f64c686595be5b2e89e8799c7717cc076578616d706c6503636f6d00002e000100000e10005f00300d0200000e105fc6d9005bfdda80
    074e076578616d706c6503636f6d004628383075b8e34b743a209b27ae148d110d4e1a246138a91083249cb4a12a2d9bc4c2d7ab5eb3afb9
    f5d1037e4d5da8339c162a9298e9be180741a8ca74accc076578616d706c6503636f6d00002b00010002a3000024074e0d02e9b533a04979
    8e900b5c29c90cd25a986e8a44f319ac3cd302bafc08f5b81e16076578616d706c6503636f6d00002e00010002a3000057002b0d020002a3
    005fc6d9005bfdda80861703636f6d00a203e704a6facbeb13fc9384fdd6de6b50de5659271f38ce81498684e6363172d47e2319fdb4a22a
    58a231edc2f1ff4fb2811a1807be72cb5241aa26fdaee03903636f6d00003000010002a30000440100030dec8204e43a25f2348c52a1d3bc
    e3a265aa5d11b43dc2a471162ff341c49db9f50a2e1a41caf2e9cd20104ea0968f7511219f0bdc56b68012cc3995336751900b03636f6d00
    003000010002a30000440101030d45b91c3bef7a5d99a7a7c8d822e33896bc80a777a04234a605a4a8880ec7efa4e6d112c73cd3d4c65564
    fa74347c873723cc5f643370f166b43dedff836400ff03636f6d00003000010002a30000440101030db3373b6e22e8e49e0e1e591a9f5bd9
    ac5e1a0f86187fe34703f180a9d36c958f71c4af48ce0ebc5c792a724e11b43895937ee53404268129476eb1aed323939003636f6d00002e
    00010002a300005700300d010002a3005fc6d9005bfdda8049f303636f6d0018a948eb23d44f80abc99238fcb43c5a18debe57004f734359
    3f6deb6ed71e04654a433f7aa1972130d9bd921c73dcf63fcf665f2f05a0aaebafb059dc12c96503636f6d00002e00010002a30000570030
    0d010002a3005fc6d9005bfdda80708903636f6d006170e6959bd9ed6e575837b6f580bd99dbd24a44682b0a359626a246b1812f5f9096b7
    5e157e77848f068ae0085e1a609fc19298c33b736863fbccd4d81f5eb203636f6d00002b000100015180002449f30d0220f7a9db42d0e204
    2fbbb9f9ea015941202f9eabb94487e658c188e7bcb5211503636f6d00002b000100015180002470890d02ad66b3276f796223aa45eda773
    e92c6d98e70643bbde681db342a9e5cf2bb38003636f6d00002e0001000151800053002b0d01000151805fc6d9005bfdda807cae00122e27
    6d45d9e9816f7922ad6ea2e73e82d26fce0a4b718625f314531ac92f8ae82418df9b898f989d32e80bc4deaba7c4a7c8f172adb57ced7fb5
    e77a784b0700003000010001518000440100030dccacfe0c25a4340fefba17a254f706aac1f8d14f38299025acc448ca8ce3f561f37fc3ec
    169fe847c8fcbe68e358ff7c71bb5ee1df0dbe518bc736d4ce8dfe1400003000010001518000440100030df303196789731ddc8a6787eff2
    4cacfeddd032582f11a75bb1bcaa5ab321c1d7525c2658191aec01b3e98ab7915b16d571dd55b4eae51417110cc4cdd11d17110000300001
    0001518000440101030dcaf5fe54d4d48f16621afb6bd3ad2155bacf57d1faad5bac42d17d948c421736d9389c4c4011666ea95cf17725bd
    0fa00ce5e714e4ec82cfdfacc9b1c863ad4600002e000100015180005300300d00000151805fc6d9005bfdda80b79d00de7a6740eeecba4b
    da1e5c2dd4899b2c965893f3786ce747f41e50d9de8c0a72df82560dfb48d714de3283ae99a49c0fcb50d3aaadb1a3fc62ee3a8a0988b6be
""")
