//! Sounds in WAV files.

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use std::path::Path;

/// A sample of sixteen bits: what is louder than they can say is as loud as they can, and what is no number is silence.
pub fn sixteen_bits(sample: f32) -> i16 {
    (sample * 32_767.0).round() as i16
}

/// Writes a sound of one channel and so many samples a second.
///
/// # Errors
/// If it can't be written.
pub fn write(path: &Path, sample_rate: u32, sound: &[f32]) -> Result<(), hound::Error> {
    let spec = WavSpec { channels: 1, sample_rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let mut to = WavWriter::create(path, spec)?;
    sound.iter().try_for_each(|sample| to.write_sample(sixteen_bits(*sample)))?;
    to.finalize()
}

/// The first channel of a sound, from -1 to 1, and how many samples a second it has.
///
/// # Errors
/// If it can't be read, or is no such file.
pub fn read(path: &Path) -> Result<(u32, Vec<f32>), hound::Error> {
    let mut from = WavReader::open(path)?;
    let WavSpec { channels, sample_rate, bits_per_sample, sample_format } = from.spec();
    let every = usize::from(channels.max(1));
    let sound = match sample_format {
        SampleFormat::Float => from.samples::<f32>().step_by(every).collect::<Result<_, _>>()?,
        SampleFormat::Int => {
            let full = 2_f32.powi(i32::from(bits_per_sample) - 1);
            let samples = from.samples::<i32>().step_by(every);
            samples.map(|sample| sample.map(|sample| sample as f32 / full)).collect::<Result<_, _>>()?
        }
    };
    Ok((sample_rate, sound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_loud_is_as_loud_as_can_be() {
        let found = [1.5, -1.5, f32::NAN, 0.0, 1.0, -1.0, 0.5].map(sixteen_bits);
        assert_eq!(found, [32_767, -32_768, 0, 0, 32_767, -32_767, 16_384]);
    }

    #[test]
    fn what_is_written_is_read() -> Result<(), hound::Error> {
        let path = std::env::temp_dir().join(format!("sound-{}.wav", std::process::id()));
        write(&path, 48_000, &[0.5, -0.25, 2.0])?;
        let (rate, sound) = read(&path)?;
        std::fs::remove_file(&path)?;
        assert_eq!((rate, sound), (48_000, vec![0.5, -0.25, 32_767.0 / 32_768.0]));
        Ok(())
    }
}
