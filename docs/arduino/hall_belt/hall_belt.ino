// Belt speed of any treadmill, for hipcue: a magnet on a belt roller, a sensor, this board.
//
// Wiring (Uno, Nano, Leonardo, Pro Micro, ESP32; any board with interrupts):
//   Hall switch (A3144, US5881, ...) or reed contact or light barrier with open-collector
//   output: signal to SENSOR_PIN, ground to GND, supply to 5V (3V3 on an ESP32).
//   Screened wire, screen to GND at the board only: the motor's noise makes false pulses.
//
// Glue the magnet to the front or rear roller's end, or to the flywheel, so that it passes
// the sensor within a few millimetres. Never open the motor hood while the treadmill is
// plugged in, and keep every wire away from belt and rollers.
//
// Lines, 115200 baud:
//   B,<number>,<micros>,<pulses>,<period_us>*HH    twenty times a second
//   C,<circumference_um>*HH                        once a second
// HH is the XOR of all characters before the star, in hex.

// Metres of belt for one pulse, in micrometres: the way round the roller (over the belt:
// pi x (diameter + belt thickness)), divided by the number of magnets. Measure it: mark the
// belt, turn the roller ten times by hand, measure how far the mark went, divide by ten.
// 0 leaves it to hipcue: hall:PORT?circumference=0.2509
const unsigned long CIRCUMFERENCE_UM = 0;

const byte SENSOR_PIN = 2;
const unsigned long REPORT_MS = 50;

// Pulses closer than this are contact bounce or noise. 4 ms is 15 m/s on a roller of 6 cm.
const unsigned long SHORTEST_US = 4000;

volatile unsigned long pulses = 0;
volatile unsigned long lastPulseUs = 0;
volatile unsigned long periodUs = 0;

unsigned int number = 0;
unsigned long nextReportMs = 0;

#if defined(ESP32) || defined(ESP8266)
#define IN_RAM IRAM_ATTR
#else
#define IN_RAM
#endif

void IN_RAM onPulse() {
  unsigned long now = micros();
  unsigned long since = now - lastPulseUs;
  if (since < SHORTEST_US) {
    return;
  }
  lastPulseUs = now;
  if (pulses > 0) {
    periodUs = since;
  }
  pulses++;
}

void sendLine(const char *body) {
  byte check = 0;
  for (const char *at = body; *at; at++) {
    check ^= (byte)*at;
  }
  char end[6];
  snprintf(end, sizeof(end), "*%02X\r\n", check);
  Serial.print(body);
  Serial.print(end);
}

void setup() {
  Serial.begin(115200);
  pinMode(SENSOR_PIN, INPUT_PULLUP);
  attachInterrupt(digitalPinToInterrupt(SENSOR_PIN), onPulse, FALLING);
  nextReportMs = millis();
}

void loop() {
  if ((long)(millis() - nextReportMs) < 0) {
    return;
  }
  nextReportMs += REPORT_MS;

  // Count, period and clock belong together: no pulse may come between them.
  noInterrupts();
  unsigned long count = pulses;
  unsigned long period = periodUs;
  unsigned long now = micros();
  interrupts();

  char line[64];
  if (CIRCUMFERENCE_UM > 0 && number % 20 == 0) {
    snprintf(line, sizeof(line), "C,%lu", CIRCUMFERENCE_UM);
    sendLine(line);
  }
  snprintf(line, sizeof(line), "B,%u,%lu,%lu,%lu", number & 0xFFFF, now, count, period);
  sendLine(line);
  number++;
}
