"""From where somebody comes, as far as limits count it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

_IPV6_PREFIX = 64
# What a proxy says may be no address at all.
_MAX_CHARACTERS = 64


def network_of(address: str) -> str:
    """Return whom an address belongs to: an IPv6 device has a whole /64, and may change in it.

    IPv4, also where it is written as IPv6, stands for itself; so does what is no address.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:_MAX_CHARACTERS]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, _IPV6_PREFIX), strict=False))
