/* device.h: a device with a passkey, as a browser would use it: keys by libcrypto, the data written
 * byte by byte, so that each may be wrong. */
#ifndef FISC_TEST_DEVICE_H
#define FISC_TEST_DEVICE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define DEVICE_ES256 (-7)
#define DEVICE_EDDSA (-8)
#define DEVICE_ES384 (-35) /* that nobody takes */
#define DEVICE_RS256 (-257)

#define DEVICE_PRESENT 0x01
#define DEVICE_VERIFIED 0x04
#define DEVICE_WITH_KEY 0x40

typedef struct _Device Device;

Device *device_new(int algorithm);
void device_free(Device *device);
GBytes *device_id(const Device *device);
/** What it keeps as the person; NULL: nothing. Copied. */
void device_keep_handle(Device *device, GBytes *handle);
GBytes *device_handle(const Device *device);

/** {"type":...,"challenge":...,"origin":...,"crossOrigin":false}. @type: "webauthn.get". */
GBytes *device_client_data(const char *type, const uint8_t challenge[32], const char *origin);
/** With the public key behind it when @flags say so. */
GBytes *device_data(const Device *device, const char *site, uint8_t flags, uint32_t counter);
/** Over data and the hash of the client data. */
GBytes *device_sign(const Device *device, GBytes *data, GBytes *client_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Device, device_free)

#endif
