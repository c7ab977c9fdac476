package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.ConduitWritableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/** What XNIO asks of every pair of conduits over a connection, and what is the same for all. */
abstract class ConduitPair implements StreamSourceConduit, StreamSinkConduit {
  final StreamSourceConduit source;
  final StreamSinkConduit sink;

  ConduitPair(StreamConnection below) {
    source = below.getSourceChannel().getConduit();
    sink = below.getSinkChannel().getConduit();
  }

  /** Whether a read gives something without the connection below becoming readable. */
  abstract boolean holdsMore();

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      if (dsts[i].hasRemaining()) {
        int read = read(dsts[i]);
        if (read < 0) {
          return total == 0 ? -1 : total;
        }
        total += read;
        if (dsts[i].hasRemaining()) {
          break;
        }
      }
    }
    return total;
  }

  @Override
  public int writeFinal(ByteBuffer src) throws IOException {
    return Conduits.writeFinalBasic(this, src);
  }

  @Override
  public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
    return Conduits.writeFinalBasic(this, srcs, offset, length);
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
  }

  @Override
  public long transferFrom(FileChannel src, long position, long count) throws IOException {
    return src.transferTo(position, count, new ConduitWritableByteChannel(this));
  }

  @Override
  public long transferFrom(StreamSourceChannel src, long count, ByteBuffer through)
      throws IOException {
    return IoUtils.transfer(src, count, through, new ConduitWritableByteChannel(this));
  }

  @Override
  public void awaitReadable() throws IOException {
    if (!holdsMore()) {
      source.awaitReadable();
    }
  }

  @Override
  public void awaitReadable(long time, TimeUnit unit) throws IOException {
    if (!holdsMore()) {
      source.awaitReadable(time, unit);
    }
  }

  @Override
  public void awaitWritable() throws IOException {
    sink.awaitWritable();
  }

  @Override
  public void awaitWritable(long time, TimeUnit unit) throws IOException {
    sink.awaitWritable(time, unit);
  }

  @Override
  public XnioIoThread getReadThread() {
    return source.getReadThread();
  }

  @Override
  public XnioIoThread getWriteThread() {
    return source.getReadThread();
  }

  @Override
  public XnioWorker getWorker() {
    return source.getWorker();
  }
}
